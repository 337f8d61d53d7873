import { l10n } from '../../core/l10n.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface OpenInTerminalDeps extends ChooseSessionDeps {
  readonly openTerminal: (session: Session) => Promise<void>;
}

/** Opens a session in OpenCode's own terminal UI, on the same server: what is done there is seen here at once. */
export function openInTerminal(deps: OpenInTerminalDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Open Session in Terminal'),
      none: l10n.t('There is no session here. Start one with “New Session…”.'),
    });
    if (session !== undefined) await deps.openTerminal(session);
    return session?.id;
  };
}
