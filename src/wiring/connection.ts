import { join } from 'node:path';
import { workspace, type ExtensionContext } from 'vscode';
import type { Log } from '../core/log.ts';
import type { Elsewhere } from '../core/sessions/elsewhereSessions.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import type { ServerSecrets } from '../editor/keeping/serverSecrets.ts';
import { settings } from '../editor/settings.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { Connection } from '../server/connection.ts';
import { handedInCompanion } from './companion.ts';

export interface ConnectionInput {
  readonly context: Pick<ExtensionContext, 'extensionPath' | 'globalStorageUri' | 'workspaceState'>;
  readonly elsewhere: Pick<Elsewhere, 'followed'>;
  readonly sinks: readonly ServerSink[];
  readonly secrets: Pick<ServerSecrets, 'find'>;
  readonly log: Log;
}

/** The connection to the server, with what the editor knows about where it is and who asks. */
export function createConnection({ context, elsewhere, sinks, secrets, log }: ConnectionInput): Connection {
  return new Connection({
    settings: () => {
      const path = settings.serverPath();
      const url = settings.serverUrl();
      return { ...(path === undefined ? {} : { path }), ...(url === undefined ? {} : { url }) };
    },
    directories: () => [...workspaceDirectories(), ...elsewhere.followed],
    credentials: (url) => secrets.find(url),
    keeper: {
      script: join(context.extensionPath, 'dist', 'keeper.cjs'),
      stateFolder: context.globalStorageUri.fsPath,
    },
    companion: () => handedInCompanion(context),
    environment: process.env,
    kept: context.workspaceState,
    trusted: () => workspace.isTrusted,
    sinks,
    log,
  });
}
