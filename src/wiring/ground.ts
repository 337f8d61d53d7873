import { homedir } from 'node:os';
import type { Disposable } from '../core/event.ts';
import { ServerSinks } from '../core/ports/serverSinks.ts';
import { ElsewhereSessions } from '../core/sessions/elsewhereSessions.ts';
import { createNotify } from '../editor/asking/notice.ts';
import { ServerSecrets } from '../editor/keeping/serverSecrets.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { HoldFile } from '../server/holdFile.ts';
import { LedgerFiles } from '../server/ledgerFiles.ts';
import { sharedStorage } from '../server/sharedStorage.ts';
import { createUserProof } from '../server/userProof.ts';
import { createConnection } from './connection.ts';
import type { HouseInput } from './house.ts';
import { createStores } from './stores.ts';

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
