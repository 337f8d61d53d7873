import type { LogOutputChannel } from 'vscode';
import { connectServer } from '../commands/server/connectServer.ts';
import { reconnectServer } from '../commands/server/reconnectServer.ts';
import { restartServer } from '../commands/server/restartServer.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { ServerUse } from '../core/serverUse.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { ServerSecrets } from '../editor/keeping/serverSecrets.ts';
import { settings } from '../editor/settings.ts';
import { withoutUndefined } from '../core/withoutUndefined.ts';
import type { CommandId } from '../manifest.ts';
import { parseUrl } from '../server/source/attachedServer.ts';
import { attachedAddress } from '../server/source/chooseSource.ts';
import type { Stores } from './stores.ts';

export interface ServerCommandsInput {
  readonly stores: Pick<Stores, 'sessions'>;
  readonly connection: {
    readonly state: ConnectionState;
    connect(): Promise<void>;
    use(): Promise<ServerUse | undefined>;
    restart(): Promise<void>;
  };
  readonly secrets: ServerSecrets;
  readonly dialogs: Dialogs;
  readonly install: () => void;
  readonly log: LogOutputChannel;
}

export type ServerCommandId = Extract<CommandId, `opencodeSessions.${'server' | 'log'}.${string}`>;

/** The verbs on the server and on the log, each with the slice that it needs. */
export function createServerCommands({
  stores,
  connection,
  secrets,
  dialogs,
  install,
  log,
}: ServerCommandsInput): Pick<CommandTable, ServerCommandId> {
  return {
    'opencodeSessions.server.connect': connectServer({
      server: connection,
      nameServer: parseUrl,
      settings: {
        url: () =>
          attachedAddress(withoutUndefined({ mode: settings.serverMode(), url: settings.serverUrl() })),
        setUrl: settings.setServerUrl,
      },
      secrets,
      dialogs,
    }),
    'opencodeSessions.server.reconnect': reconnectServer({ server: connection }),
    'opencodeSessions.server.restart': restartServer({ ...stores, server: connection, dialogs }),
    'opencodeSessions.server.install': async () => install(),
    'opencodeSessions.log.show': async () => log.show(),
  };
}
