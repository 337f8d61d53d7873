import { DocumentDropEdit, DocumentDropOrPasteEditKind, languages } from 'vscode';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { escapeMarkdown } from '../../core/rows/story.ts';
import { buildMessageLink } from '../../core/transcript/messageLink.ts';
import { DraggedSessions, draggedSessionsType } from '../../protocol/draggedSessions.ts';
import { draftLanguage } from './draftFiles.ts';

/**
 * Writes sessions that are dropped into a text as links that open them; into a draft as an agent is told of them. `scheme` is
 * the editor's own.
 */
export function registerSessionDrops(scheme: string): Disposable {
  const kind = DocumentDropOrPasteEditKind.Text.append('session');
  return languages.registerDocumentDropEditProvider(
    // The editor's own way, to write the address of a row, is for all texts: for these, ours goes before it (VS Code 1.139).
    [{ scheme: 'file' }, { scheme: 'untitled' }, '*'],
    {
      async provideDocumentDropEdits({ languageId }, _position, data) {
        const sessions = readDragged(await data.get(draggedSessionsType)?.asString());
        if (sessions.length === 0) return undefined;
        const text = sessions.map((session) => write(session, languageId, scheme)).join('\n');
        return new DocumentDropEdit(text, l10n.t('Insert Session'), kind);
      },
    },
    { dropMimeTypes: [draggedSessionsType], providedDropEditKinds: [kind] },
  );
}

function write({ sessionId, title }: DraggedSessions[number], language: string, scheme: string): string {
  if (language === draftLanguage) return `“${title}” (${sessionId})`;
  const link = buildMessageLink(scheme, { sessionId });
  return language === 'markdown' ? `[${escapeMarkdown(title)}](${link})` : link;
}

/** Anybody may hand something over under this name. */
function readDragged(json: string | undefined): DraggedSessions {
  try {
    const parsed = DraggedSessions.safeParse(JSON.parse(json ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
