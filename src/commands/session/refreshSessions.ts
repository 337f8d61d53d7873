import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { Command } from '../command.ts';

export interface RefreshSessionsDeps {
  readonly server: { readonly state: ConnectionState; connect(): Promise<void> };
  readonly looks: { refresh(): Promise<void> };
}

/** Shows everything as the server holds it, also what no event told; connects where there is no connection. */
export function refreshSessions({ server, looks }: RefreshSessionsDeps): Command {
  return async () => {
    if (server.state.kind !== 'live') await server.connect();
    else await looks.refresh();
  };
}
