import type { ChangedFile } from '../../core/changes/changedFile.ts';
import { formatLines, toFigure } from '../../core/changes/changesFigure.ts';
import { nameOf } from '../../core/changes/discard.ts';
import { l10n } from '../../core/l10n.ts';
import type { ChangesEditor } from '../../core/changes/changesEditor.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import { loadChanges, type LoadedChanges } from './loadChanges.ts';

export interface ShowChangesDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'diffMessage'>;
  readonly changesEditor: Pick<ChangesEditor, 'showAll'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'inform'>;
}

export interface ChosenChanges extends LoadedChanges {
  readonly session: Session;
  /** What people know it by. */
  readonly name: string;
  readonly messageId: string | undefined;
  readonly title: string;
}

/** Files that a sentence names at most. */
const named = 3;

/** Opens what a session changed, or one turn of it where a message is named, in the editor's own diff of several files. */
export function showChanges(deps: ShowChangesDeps): Command {
  return async (argument) => {
    const chosen = await chooseChanges(deps, argument);
    if (chosen === undefined) return undefined;
    const { session, changes, notes, title } = chosen;
    const left = changes.length === 0 ? [] : await deps.changesEditor.showAll(session, title, changes);
    const sentences = [
      changes.length === 0 ? sayNothing(chosen) : '',
      left.length === 0 ? '' : nameLeft(left),
      ...notes,
    ].filter((sentence) => sentence !== '');
    if (sentences.length > 0) deps.dialogs.inform(sentences.join(' '));
    return session.id;
  };
}

/** The session, or turn, that a command is about, with what it changed. */
export async function chooseChanges(
  deps: Omit<ShowChangesDeps, 'changesEditor' | 'dialogs'> & {
    readonly dialogs: Pick<Dialogs, 'pickSession'>;
  },
  argument: unknown,
): Promise<ChosenChanges | undefined> {
  const session = await chooseSession(deps, argument, {
    title: l10n.t('Show the Changes of Which Session?'),
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
  });
  if (session === undefined) return undefined;
  const { messageId } = parseSessionArgument(argument);
  const loaded = await loadChanges(deps, session, messageId);
  const name = deps.sessions.title(session);
  const lines = formatLines(toFigure(loaded.changes, loaded.isPartial));
  const title =
    messageId === undefined
      ? l10n.t('Changes of “{0}” {1}', name, lines)
      : l10n.t('Changes of a Turn in “{0}” {1}', name, lines);
  return { ...loaded, session, name, messageId, title };
}

export function sayNothing({ messageId, name }: Pick<ChosenChanges, 'messageId' | 'name'>): string {
  return messageId === undefined
    ? l10n.t('“{0}” changed no files, as far as OpenCode kept a record of it.', name)
    : l10n.t('This turn changed no files, as far as OpenCode kept a record of it.');
}

function nameLeft(left: readonly ChangedFile[]): string {
  const names = left.slice(0, named).map(nameOf).join(', ');
  const more = left.length - named;
  return more > 0
    ? l10n.t('Not shown, since they are no texts, too large or not known: {0} and {1} more.', names, more)
    : l10n.t('Not shown, since they are no texts, too large or not known: {0}.', names);
}
