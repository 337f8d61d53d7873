import type { Command } from '../command.ts';

export interface ReconnectServerDeps {
  readonly server: { connect(): Promise<void> };
}

/** Connects now, where the connection is away, failed or stopped. Nothing that runs is stopped for it. */
export function reconnectServer({ server }: ReconnectServerDeps): Command {
  return async () => {
    await server.connect();
  };
}
