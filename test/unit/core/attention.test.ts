import assert from 'node:assert/strict';
import { Attention } from '../../../src/core/sessions/attention.ts';
import { aSession } from './builders.ts';
import { aPermission, aQuestion, aStore } from './stores.ts';

const family = [
  aSession({ id: 'root' }),
  aSession({ id: 'child', parentID: 'root' }),
  aSession({ id: 'grandchild', parentID: 'child' }),
  aSession({ id: 'other' }),
];
const busy = { root: { type: 'busy' }, child: { type: 'busy' }, grandchild: { type: 'busy' } } as const;

describe('attention', () => {
  it('tells a request of a nested subagent on every session above it', () => {
    const store = aStore(family, { statuses: busy });
    const attention = new Attention(store);
    store.apply({ type: 'permission.asked', properties: aPermission({ sessionID: 'grandchild' }) });
    for (const id of ['root', 'child', 'grandchild']) {
      assert.deepEqual(
        attention.of(id).map(({ request }) => request.sessionID),
        ['grandchild'],
      );
    }
    assert.deepEqual(attention.of('other'), []);
  });

  it('counts a run that waits once, however deep the request is', () => {
    const store = aStore(family, {
      statuses: busy,
      permissions: [aPermission({ sessionID: 'grandchild' }), aPermission({ sessionID: 'child' })],
      questions: [aQuestion({ sessionID: 'root' })],
    });
    assert.deepEqual(new Attention(store).roots, ['root']);
  });

  it('tells which sessions changed, and only when they did', () => {
    const store = aStore(family, { statuses: busy });
    const attention = new Attention(store);
    const told: string[][] = [];
    attention.onDidChange(({ sessionIds }) => told.push([...sessionIds].toSorted()));
    store.apply({ type: 'permission.asked', properties: aPermission({ sessionID: 'child' }) });
    store.apply({ type: 'session.status', properties: { sessionID: 'other', status: { type: 'busy' } } });
    store.apply({
      type: 'permission.replied',
      properties: { sessionID: 'child', requestID: 'per_child', reply: 'once' },
    });
    assert.deepEqual(told, [
      ['child', 'root'],
      ['child', 'root'],
    ]);
    assert.deepEqual(attention.roots, []);
  });

  it('waits no longer when the run ends', () => {
    const store = aStore(family, { statuses: busy, permissions: [aPermission({ sessionID: 'child' })] });
    const attention = new Attention(store);
    store.apply({ type: 'session.status', properties: { sessionID: 'child', status: { type: 'idle' } } });
    assert.deepEqual(attention.of('root'), []);
  });

  it('ends at a circle of parents', () => {
    const store = aStore([aSession({ id: 'a', parentID: 'b' }), aSession({ id: 'b', parentID: 'a' })], {
      statuses: { a: { type: 'busy' } },
      permissions: [aPermission({ sessionID: 'a' })],
    });
    assert.deepEqual(new Attention(store).of('b').length, 1);
  });
});
