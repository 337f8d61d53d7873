import type { ConnectionState } from '../../src/core/state/connectionState.ts';
import type { DirectorySnapshot, ServerSink } from '../../src/core/ports/serverSink.ts';
import { silent } from './productHost.ts';
import { ElsewhereSessions } from '../../src/core/sessions/elsewhereSessions.ts';
import { SessionFactsReader } from '../../src/core/sessions/sessionFacts.ts';
import type { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { Connection } from '../../src/server/connection.ts';
import { SessionsTree, type TreeRow } from '../../src/views/sessionsTree.ts';
import { createStores } from '../../src/wiring/stores.ts';
import type { TreeTimes } from './windowOrders.ts';
import { aProof } from '../unit/core/builders.ts';
import { Memory } from '../unit/views/memory.ts';

/** As many rows as a tall side bar shows. */
const firstRows = 50;

/** Loads the real sessions, then builds the extension's own tree of them, and sends it a change of status. */
export async function measureTree(options: {
  readonly serverUrl: string;
  readonly directory: string;
}): Promise<TreeTimes> {
  const snapshots = Promise.withResolvers<readonly DirectorySnapshot[]>();
  const sink: ServerSink = { reset: (loaded) => snapshots.resolve(loaded), apply: () => undefined };
  const connection = new Connection({
    settings: () => ({ url: options.serverUrl }),
    directories: () => [options.directory],
    credentials: () => Promise.resolve(undefined),
    keeper: { script: '', stateFolder: '' },
    environment: {},
    trusted: () => true,
    kept: new Memory(),
    sinks: [sink],
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  await connection.connect();
  const times = timeTree(connection, await snapshots.promise, options.directory);
  connection.dispose();
  return times;
}

function timeTree(
  connection: { readonly state: ConnectionState } & Pick<Connection, 'onDidChangeState' | 'openCode'>,
  snapshots: readonly DirectorySnapshot[],
  directory: string,
): TreeTimes {
  const memory = {
    keys: () => [],
    get: <T>(_key: string, fallback?: T) => fallback as T,
    update: async () => undefined,
  };
  const stores = createStores({
    context: { workspaceState: memory, globalState: memory },
    openCode: connection.openCode,
    elsewhere: new ElsewhereSessions(() => [directory], aProof()),
    proof: { make: () => '', holds: () => false },
    log: silent,
  });
  const { sessions } = stores;
  const now = Date.now;
  const tree = new SessionsTree({
    ...stores,
    facts: new SessionFactsReader({ ...stores, results: { of: () => undefined }, now }),
    results: { onDidChange: () => ({ dispose: () => undefined }) },
    relays: { why: () => undefined, onDidChangeWhy: () => ({ dispose: () => undefined }) },
    connection,
    directories: () => [directory],
    directoryName: () => directory,
    grouping: { services: undefined, onDidChange: () => ({ dispose: () => undefined }) },
    glances: { get: () => undefined },
    firstPrompts: { search: () => undefined },
    loadGlance: () => Promise.resolve(),
    now,
  });
  const start = performance.now();
  sessions.reset(snapshots);
  const nodes = rowsOf(tree);
  for (const node of nodes) tree.getTreeItem(node);
  const shown = performance.now() - start;
  const status = timeStatusEvent(tree, sessions, snapshots[0]?.sessions[10]?.id ?? '');
  tree.dispose();
  stores.dispose();
  return { firstRows: shown, sessions: sessions.all().length, ...status };
}

/** The first rows from the top, those below an open one included. */
function rowsOf(tree: SessionsTree): TreeRow[] {
  return tree.getChildren().slice(0, firstRows);
}

/** A session that works goes from one attempt to the next: its row changes, and no other. */
function timeStatusEvent(
  tree: SessionsTree,
  sessions: SessionStore,
  sessionID: string,
): Pick<TreeTimes, 'statusEvent' | 'rowsDrawn'> {
  const tell = (attempt: number): void => {
    const status = { type: 'retry' as const, attempt, message: 'Overloaded', next: 0 };
    sessions.apply({ type: 'session.status', properties: { sessionID, status } });
  };
  tell(1);
  rowsOf(tree);
  let drawn = 0;
  const subscription = tree.onDidChangeTreeData((nodes) => {
    drawn += nodes?.length ?? Number.NaN;
    for (const node of nodes ?? rowsOf(tree)) tree.getTreeItem(node);
  });
  const start = performance.now();
  const count = 20;
  for (let attempt = 2; attempt < 2 + count; attempt += 1) tell(attempt);
  const time = performance.now() - start;
  subscription.dispose();
  return { statusEvent: time / count, rowsDrawn: drawn / count };
}

function ignore(): void {
  // Nothing is kept of what the measured parts say.
}
