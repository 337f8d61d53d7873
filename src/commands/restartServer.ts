import type { ConnectionState } from '../core/connectionState.ts';
import type { Dialogs } from '../core/dialogs.ts';
import { l10n } from '../core/l10n.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Command } from './command.ts';

export interface RestartServerDeps {
  readonly sessions: Pick<Sessions, 'all' | 'status'>;
  readonly server: { readonly state: ConnectionState; restart(): Promise<void> };
  readonly dialogs: Pick<Dialogs, 'confirm'>;
}

/** Restarts the server, or connects again to one that is not ours. Asks first where that stops work. */
export function restartServer({ sessions, server, dialogs }: RestartServerDeps): Command {
  return async () => {
    const working = sessions.all().filter(({ id }) => sessions.status(id).type !== 'idle').length;
    const stops = server.state.kind !== 'live' || server.state.managed;
    if (working > 0 && stops) {
      const isSure = await dialogs.confirm({
        message: l10n.t('Restart the server?'),
        detail: l10n.t('Sessions that are working: {0}. They are stopped, in all windows.', working),
        action: l10n.t('Restart'),
      });
      if (!isSure) return;
    }
    await server.restart();
  };
}
