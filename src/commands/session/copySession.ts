import { buildSessionMarkdown } from '../../core/export/sessionMarkdown.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { type ExportPorts, readForExport } from '../../flows/readForExport.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface CopySessionDeps extends ChooseSessionDeps, ExportPorts {
  readonly openCode: ChooseSessionDeps['openCode'] & ExportPorts['openCode'];
  readonly dialogs: ChooseSessionDeps['dialogs'] & Pick<Dialogs, 'inform'>;
  readonly copy: (text: string) => Promise<void>;
}

/** Copies a session from its beginning to its end, as Markdown. */
export function copySession(deps: CopySessionDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Copy Session as Markdown'),
      none: l10n.t('There is no session here. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    await deps.copy(await readMarkdown(deps, session));
    deps.dialogs.inform(l10n.t('“{0}” is on the clipboard, as Markdown.', deps.sessions.title(session)));
    return session.id;
  };
}

/** The whole session as Markdown; what was cancelled throws `CancelledError`. */
export async function readMarkdown(
  deps: ExportPorts & Pick<ChooseSessionDeps, 'sessions'>,
  session: Session,
): Promise<string> {
  const title = deps.sessions.title(session);
  const read = await readForExport(deps, session, l10n.t('Reading “{0}”', title));
  return buildSessionMarkdown({ ...read, title, created: session.time.created });
}
