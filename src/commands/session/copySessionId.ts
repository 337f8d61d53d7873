import { l10n } from '../../core/l10n.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface CopySessionIdDeps extends ChooseSessionDeps {
  readonly copy: (text: string) => Promise<void>;
}

/** Puts a session's id on the clipboard, for a terminal or another tool. */
export function copySessionId(deps: CopySessionIdDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Copy Session Id'),
      none: l10n.t('There is no session whose id could be copied.'),
    });
    if (session !== undefined) await deps.copy(session.id);
    return session?.id;
  };
}
