import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';

const ids = ['a', 'b', 'c', 'd'];

const anyId = fc.constantFrom(...ids);

const anySession = fc
  .record({ id: anyId, from: fc.option(anyId), isFork: fc.boolean() })
  .map(({ id, from, isFork }): Session => {
    if (from === null) return aSession({ id });
    if (!isFork) return aSession({ id, parentID: from });
    return aSession({ id, metadata: withLineage(undefined, { of: id, kind: 'fork', from, time: 1 }) });
  });

const anyStep = fc.oneof(
  fc.record({ type: fc.constantFrom('session.updated', 'session.deleted'), session: anySession }),
  fc.record({ type: fc.constant('reset'), sessions: fc.array(anySession) }),
);

describe('what came from a session', () => {
  it('is what a look at all sessions finds, whatever happened to them', () => {
    fc.assert(
      fc.property(fc.array(anyStep), (steps) => {
        const store = new SessionStore();
        for (const step of steps) take(store, step);
        for (const id of ids) {
          const derived = store.derivedFrom(id).map((session) => session.id);
          const expected = store.all().filter((session) => findOrigin(session).from === id);
          assert.deepEqual(derived.toSorted(), expected.map((session) => session.id).toSorted());
        }
      }),
    );
  });
});

function take(
  store: SessionStore,
  step: { type: string; session: Session } | { type: string; sessions: Session[] },
): void {
  if ('sessions' in step) {
    const rest = { statuses: {}, permissions: [], questions: [] };
    store.reset([{ directory: '/work', sessions: step.sessions, ...rest }]);
    return;
  }
  const properties = { info: step.session };
  if (step.type === 'session.deleted') store.apply({ type: 'session.deleted', properties });
  else store.apply({ type: 'session.updated', properties });
}
