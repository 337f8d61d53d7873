import { Disposable } from 'vscode';
import { type ConnectionState, isLive } from '../core/state/connectionState.ts';
import { type Deed, Deeds } from '../core/state/deeds.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import type { ServerSinks } from '../core/ports/serverSinks.ts';
import type { Hold } from '../core/state/hold.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { setContextKey, type ContextKeys } from '../editor/contextKeys.ts';
import { parseLineage } from '../protocol/lineage.ts';
import type { Stores } from './stores.ts';

export interface ContextKeysInput {
  /** Passes the server's word on. */
  readonly told: Pick<ServerSinks, 'add'>;
  readonly stores: Pick<Stores, 'working' | 'attention' | 'currentSession' | 'models' | 'sessions'>;
  readonly connection: {
    readonly openCode: Pick<OpenCode, 'abilities'>;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly hold: Hold;
  readonly log: Log;
}

const deedKeys = {
  answer: 'opencodeSessions.hasAnswered',
  fork: 'opencodeSessions.hasForked',
  handoff: 'opencodeSessions.hasHandedOff',
  relay: 'opencodeSessions.hasRelayed',
} as const satisfies Record<Deed, keyof ContextKeys>;

/** Keeps what `when` clauses ask for in step with the stores. A key is set only when it changes. */
export function keepContextKeys({ stores, told, connection, hold, log }: ContextKeysInput): Disposable {
  const { working, attention, currentSession, models, sessions } = stores;
  const known = new Map<string, unknown>();
  const set = <Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void => {
    if (known.get(key) === value) return;
    known.set(key, value);
    setContextKey(key, value).catch((error: unknown) => log.warn('A context key was not set.', key, error));
  };
  const setBusy = (): void => set('opencodeSessions.hasBusy', working.ids.size > 0);
  const setWaiting = (): void => set('opencodeSessions.hasWaiting', attention.roots.length > 0);
  const setConnection = (): void => {
    const { todos, archive } = connection.openCode.abilities;
    set('opencodeSessions.connection', connection.state.kind);
    set('opencodeSessions.lacksTodos', !todos);
    set('opencodeSessions.lacksArchive', !archive);
  };
  const setHeld = (): void => set('opencodeSessions.isHeld', hold.isHeld());
  const setCurrent = (): void => {
    const { id } = currentSession;
    const session = id === undefined ? undefined : sessions.get(id);
    set('opencodeSessions.hasCurrentSession', id !== undefined);
    set('opencodeSessions.hasCurrentFork', session !== undefined && parseLineage(session)?.kind === 'fork');
  };
  const setModels = (): void => {
    const isThere = isLive(connection.state);
    set('opencodeSessions.noModel', isThere && models.isLacking);
    set('opencodeSessions.hasModel', isThere && models.hasModel);
  };
  told.add([new Deeds((deed) => set(deedKeys[deed], true)), onCompanion(setConnection)]);
  setConnection();
  setHeld();
  setModels();
  setWaiting();
  setBusy();
  return Disposable.from(
    connection.onDidChangeState(setConnection),
    connection.onDidChangeState(setModels),
    hold.onDidChange(setHeld),
    models.onDidChange(setModels),
    attention.onDidChange(setWaiting),
    working.onDidChange(setBusy),
    currentSession.onDidChange(setCurrent),
    // The lineage of a fork is written just after it was made, and read.
    sessions.onDidChange(({ sessionIds }) => {
      if (currentSession.id !== undefined && sessionIds.has(currentSession.id)) setCurrent();
    }),
  );
}

/** A companion may bring what its server cannot do. */
function onCompanion(answered: () => void): ServerSink {
  return {
    reset: () => undefined,
    apply: ({ type }) => {
      if (type === 'companion.answered') answered();
    },
  };
}
