import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { ServerUse } from '../../core/serverUse.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import type { Command } from '../command.ts';

export interface RestartServerDeps {
  readonly sessions: Pick<Sessions, 'all' | 'status' | 'title'>;
  readonly server: {
    readonly state: ConnectionState;
    use(): Promise<ServerUse | undefined>;
    restart(): Promise<void>;
  };
  readonly dialogs: Pick<Dialogs, 'confirm'>;
}

/** Restarts the server, or connects again to one that is not ours. Asks first where that stops or cuts off anyone. */
export function restartServer({ sessions, server, dialogs }: RestartServerDeps): Command {
  return async () => {
    const { state } = server;
    const consequences = state.kind === 'live' && !state.managed ? [] : await findConsequences();
    if (consequences.length > 0) {
      const isSure = await dialogs.confirm({
        message: l10n.t('Restart the server?'),
        detail: consequences.join('\n'),
        action: l10n.t('Restart'),
      });
      if (!isSure) return;
    }
    await server.restart();
  };

  async function findConsequences(): Promise<string[]> {
    const use = await server.use();
    return [...whatStops(use), ...whoIsCutOff(use)];
  }

  function whatStops(use: ServerUse | undefined): string[] {
    const working = use?.working?.map(nameOf) ?? ownWorking();
    const { state } = server;
    if (working.length > 0) {
      return [
        l10n.t(
          'Sessions that are working: {0}. They are stopped, in all windows.',
          listed(working.map(quoted)),
        ),
      ];
    }
    // What works in other windows is not seen from a folder that cannot be listed.
    const isBlind = use?.working === undefined && (use !== undefined || isBroken(state));
    return isBlind ? [l10n.t('What works in your other windows is stopped.')] : [];
  }

  /** A server tells the titles of its sessions alone. */
  function nameOf(title: string): string {
    const known = sessions.all().find((session) => session.title === title);
    return known === undefined ? nameSession({ title }, undefined) : sessions.title(known);
  }

  function ownWorking(): string[] {
    return sessions
      .all()
      .filter(({ id }) => sessions.status(id).type !== 'idle')
      .map((session) => sessions.title(session));
  }
}

function isBroken(state: ConnectionState): boolean {
  return state.kind === 'failed' && state.needsRestart === true;
}

function whoIsCutOff(use: ServerUse | undefined): string[] {
  if (use === undefined) return [];
  const { windows, clients } = use;
  if (clients === undefined) {
    return [l10n.t('Whether other programs are connected to the server is not known.')];
  }
  const names = [...new Set(clients.map((name) => name || l10n.t('another program')))];
  const others = windows > 0 ? [l10n.t('other windows ({0})', windows), ...names] : names;
  if (others.length === 0) return [];
  return [l10n.t('Also connected: {0}. They lose the connection for a moment.', listed(others))];
}

/** The first few by name; the rest as a number. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const rest = names.length - shown.length;
  return [...shown, ...(rest > 0 ? [l10n.t('{0} more', rest)] : [])].join(', ');
}

function quoted(title: string): string {
  const line = title.replaceAll(/\s+/g, ' ').trim();
  return `“${line.length > 80 ? `${line.slice(0, 79)}…` : line}”`;
}
