import type { Dialogs } from '../../core/ports/dialogs.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { titleToEdit } from '../../core/sessions/sessionRow.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface RenameSessionDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText'>;
}

/** Gives a session another title. */
export function renameSession(deps: RenameSessionDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Rename Session'),
      none: l10n.t('There is no session to rename.'),
    });
    if (session === undefined) return undefined;
    const offered = titleToEdit(session, deps.sessions.title(session));
    const title =
      parseSessionArgument(argument).title ??
      (await deps.dialogs.askText({
        title: l10n.t('Rename Session'),
        value: offered,
        validate: (text) => (text.trim() === '' ? emptyTitle() : undefined),
      }));
    if (title === undefined) return undefined;
    if (title.trim() === '') throw new Problem(emptyTitle());
    // What was offered and left as it is names nothing anew.
    if (title !== offered && title.trim() !== session.title)
      await deps.openCode.updateSession(session.id, { title: title.trim() });
    return session.id;
  };
}

function emptyTitle(): string {
  return l10n.t('A session needs a title.');
}
