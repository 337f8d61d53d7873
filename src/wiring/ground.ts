import { homedir } from 'node:os';
import { join } from 'node:path';
import { workspace, type ExtensionContext } from 'vscode';
import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import { ServerSinks } from '../core/ports/serverSinks.ts';
import { type Elsewhere, ElsewhereSessions } from '../core/sessions/elsewhereSessions.ts';
import { withoutUndefined } from '../core/withoutUndefined.ts';
import { createNotify } from '../editor/asking/notice.ts';
import { ServerSecrets } from '../editor/keeping/serverSecrets.ts';
import { settings } from '../editor/settings.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { Connection } from '../server/connection.ts';
import { HoldFile } from '../server/holdFile.ts';
import { LedgerFiles } from '../server/ledgerFiles.ts';
import { sharedStorage } from '../server/sharedStorage.ts';
import { createUserProof } from '../server/userProof.ts';
import { handedInCompanion } from './companion.ts';
import type { HouseInput } from './house.ts';
import { createStores } from './stores.ts';

interface ConnectionInput {
  readonly context: Pick<ExtensionContext, 'extensionPath' | 'globalStorageUri' | 'workspaceState'>;
  readonly elsewhere: Pick<Elsewhere, 'followed'>;
  readonly sinks: readonly ServerSink[];
  readonly secrets: Pick<ServerSecrets, 'find'>;
  readonly log: Log;
}

/** The connection to the server, with what the editor knows about where it is and who asks. */
function createConnection({ context, elsewhere, sinks, secrets, log }: ConnectionInput): Connection {
  return new Connection({
    settings: () => {
      const path = settings.serverPath();
      const url = settings.serverUrl();
      return { mode: settings.serverMode(), ...withoutUndefined({ path, url }) };
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

/** What all else in a window stands on: what is shared with other windows, the connection, and the stores that are told of it. */
export function createGround(
  { context, report, log }: Pick<HouseInput, 'context' | 'report' | 'log'>,
  own: <Owned extends Disposable>(made: Owned) => Owned,
) {
  const secrets = new ServerSecrets(context.secrets, log);
  const notify = createNotify(log);
  const storage = sharedStorage(process.env, homedir());
  const hold = own(new HoldFile(storage, log));
  const ledger = own(new LedgerFiles(storage, log, Date.now));
  const proof = createUserProof(storage, log, context.globalStorageUri.fsPath);
  const elsewhere = new ElsewhereSessions(workspaceDirectories, proof);
  const told = new ServerSinks();
  const connection = own(createConnection({ context, elsewhere, sinks: [told], secrets, log }));
  const stores = own(createStores({ context, openCode: connection.openCode, elsewhere, proof, log }));
  told.add(stores.sinks);
  const base = { context, stores, connection, notify, report, log };
  return { secrets, storage, hold, ledger, elsewhere, told, base };
}
