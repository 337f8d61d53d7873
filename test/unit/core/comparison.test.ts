import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { DirectorySnapshot, ToldMeanwhile } from '../../../src/core/ports/serverSink.ts';
import { type SessionsChange, SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import type { SessionStatus } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { hearing } from './hearing.ts';
import { aPermission, aQuestion } from './stores.ts';

const ids = ['ses_1', 'ses_2', 'ses_3', 'ses_4'];
const nothing: ToldMeanwhile = { records: new Set(), statuses: new Set(), requests: new Set() };

interface Held {
  readonly id: string;
  readonly title: string;
  readonly parentID: string | undefined;
  readonly status: SessionStatus['type'];
  readonly asks: 'permission' | 'question' | undefined;
}

const held: fc.Arbitrary<Held[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...ids),
    title: fc.constantFrom('One', 'Two'),
    parentID: fc.constantFrom(undefined, 'ses_1'),
    status: fc.constantFrom('idle', 'busy'),
    asks: fc.constantFrom(undefined, 'permission', 'question'),
  }),
  { selector: ({ id }) => id },
);

function aSnapshot(all: readonly Held[]): DirectorySnapshot[] {
  const directory = '/work';
  const busy = all.filter(({ status }) => status !== 'idle');
  const asking = (kind: Held['asks']) => all.filter(({ asks }) => asks === kind);
  return [
    {
      directory,
      sessions: all.map(({ id, title, parentID }) =>
        aSession({
          id,
          title,
          directory,
          time: { created: 1, updated: 1 },
          ...(parentID === undefined || parentID === id ? {} : { parentID }),
        }),
      ),
      statuses: Object.fromEntries(busy.map(({ id }) => [id, { type: 'busy' }])),
      permissions: asking('permission').map(({ id }) => aPermission({ sessionID: id })),
      questions: asking('question').map(({ id }) => aQuestion({ sessionID: id })),
    },
  ];
}

function known(store: SessionStore) {
  return Object.fromEntries(
    ids.map((id) => [
      id,
      {
        session: store.get(id),
        status: store.status(id),
        permissions: store.permissions(id),
        questions: store.questions(id),
        derived: store
          .derivedFrom(id)
          .map((session) => session.id)
          .sort(),
      },
    ]),
  );
}

describe('Comparing with what the server holds', () => {
  for (const how of ['compare', 'reset'] as const) {
    it(`makes the sessions what they are there, and tells of those that differ and no others (${how})`, () => {
      fc.assert(
        fc.property(held, held, (before, after) => {
          const store = new SessionStore();
          store.reset(aSnapshot(before));
          const old = known(store);
          const changes: SessionsChange[] = [];
          store.onDidChange((change) => changes.push(change));
          const snapshot = aSnapshot(after);
          const take = () =>
            how === 'reset'
              ? store.reset(snapshot)
              : store.compare({ snapshot, complete: true, told: nothing });
          take();
          const fresh = new SessionStore();
          fresh.reset(snapshot);
          assert.deepEqual(known(store), known(fresh));
          const differing = ids.filter((id) => {
            const { derived: _, ...one } = old[id] ?? assert.fail();
            const { derived: __, ...other } = known(fresh)[id] ?? assert.fail();
            return JSON.stringify(one) !== JSON.stringify(other);
          });
          assert.deepEqual(changes.flatMap(({ sessionIds }) => [...sessionIds]).sort(), differing);
          take();
          assert.ok(changes.length <= 1);
        }),
      );
    });
  }

  it('makes the turns what they are there', () => {
    fc.assert(
      fc.property(held, held, (before, after) => {
        const turns = new SettledTurns();
        turns.reset(aSnapshot(before));
        const ended: string[] = [];
        turns.onDidSettle(({ sessionId }) => ended.push(sessionId));
        turns.compare({ snapshot: aSnapshot(after), complete: true, told: nothing });
        const isBusy = (all: readonly Held[], id: string) =>
          all.some((one) => one.id === id && one.status === 'busy');
        for (const id of ids) assert.equal(turns.isRunning(id), isBusy(after, id));
        assert.deepEqual(
          ended.sort(),
          ids.filter((id) => isBusy(before, id) && !isBusy(after, id)),
        );
      }),
    );
  });

  it('leaves alone what events told meanwhile: they are newer', () => {
    const store = new SessionStore();
    const turns = new SettledTurns();
    for (const sink of [store, turns]) sink.reset(aSnapshot([]));
    const session = aSession({ id: 'ses_1', title: 'One', directory: '/work' });
    const hear = hearing(store, turns);
    hear({ type: 'session.created', properties: { info: session } });
    hear({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type: 'busy' } } });
    hear({ type: 'permission.asked', properties: aPermission({ sessionID: 'ses_1' }) });
    const told = { records: new Set(['ses_1']), statuses: new Set(['ses_1']), requests: new Set(['ses_1']) };
    for (const sink of [store, turns]) sink.compare({ snapshot: aSnapshot([]), complete: true, told });
    assert.equal(store.get('ses_1')?.title, 'One');
    assert.equal(store.status('ses_1').type, 'busy');
    assert.equal(store.permissions('ses_1').length, 1);
    assert.deepEqual(turns.state('ses_1'), { kind: 'waiting' });
  });

  it('takes nothing for gone where only what changed lately was asked for, nor in a folder that was not asked', () => {
    const one = { id: 'ses_1', title: 'One', parentID: undefined, status: 'idle', asks: undefined } as const;
    const store = new SessionStore();
    store.reset([
      ...aSnapshot([one]),
      {
        ...(aSnapshot([])[0] ?? assert.fail()),
        directory: '/other',
        sessions: [aSession({ id: 'ses_2', directory: '/other' })],
      },
    ]);
    store.compare({ snapshot: aSnapshot([]), complete: false, told: nothing });
    assert.equal(store.all().length, 2);
    store.compare({ snapshot: aSnapshot([]), complete: true, told: nothing });
    assert.deepEqual(
      store.all().map(({ id }) => id),
      ['ses_2'],
    );
  });
});
