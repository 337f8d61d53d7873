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
    const { state } = server;
    const stops = state.kind !== 'live' || state.managed;
    // What works in other windows is not seen from a folder that cannot be listed.
    const isBlind = state.kind === 'failed' && state.needsRestart === true;
    if ((working > 0 && stops) || isBlind) {
      const isSure = await dialogs.confirm({
        message: l10n.t('Restart the server?'),
        detail: isBlind
          ? l10n.t('What works in your other windows is stopped.')
          : l10n.t('Sessions that are working: {0}. They are stopped, in all windows.', working),
        action: l10n.t('Restart'),
      });
      if (!isSure) return;
    }
    await server.restart();
  };
}
