import assert from 'node:assert/strict';
import { findNeeding, neighbourOf, nextNeeding } from '../../../src/core/rows/neighbours.ts';
import type { SessionState } from '../../../src/core/sessions/sessionState.ts';
import { aPermission } from './stores.ts';

const order = ['a', 'b', 'c', 'd'];

describe('going through sessions', () => {
  it('takes the next one and the one before, round at the ends', () => {
    assert.equal(neighbourOf(order, 'b', 1), 'c');
    assert.equal(neighbourOf(order, 'b', -1), 'a');
    assert.equal(neighbourOf(order, 'd', 1), 'a');
    assert.equal(neighbourOf(order, 'a', -1), 'd');
    assert.equal(neighbourOf(order, undefined, 1), 'a');
    assert.equal(neighbourOf(order, 'elsewhere', -1), 'd');
    assert.equal(neighbourOf([], 'a', 1), undefined);
  });

  it('puts those that wait before those that failed, and those before what is only unread', () => {
    const states: Record<string, SessionState> = {
      a: { kind: 'unread' },
      b: { kind: 'error', error: { name: 'APIError', data: {} } },
      c: { kind: 'idle' },
      d: {
        kind: 'permission',
        waiting: { kind: 'permission', request: aPermission({ sessionID: 'd' }) },
      },
    };
    const stateOf = (id: string) => states[id] ?? assert.fail(id);
    const needing = (unread: readonly string[]) =>
      findNeeding(order, { stateOf, isUnread: (id) => unread.includes(id) });
    assert.deepEqual(needing(['a', 'b']), ['d', 'b', 'a']);
    // A failure that was looked at is no news.
    assert.deepEqual(needing(['a']), ['d', 'a']);
  });

  it('goes on behind what was looked at and needs nobody any more', () => {
    assert.equal(nextNeeding(['a', 'b'], [], undefined), 'a');
    assert.equal(nextNeeding(['a', 'b'], [], 'a'), 'b');
    assert.equal(nextNeeding(['a', 'b'], [], 'b'), 'a');
    assert.equal(nextNeeding(['a', 'd'], ['a', 'b', 'c', 'd'], 'b'), 'd');
    assert.equal(nextNeeding(['a'], ['a', 'b'], 'b'), 'a');
    assert.equal(nextNeeding(['a'], [], 'z'), 'a');
    assert.equal(nextNeeding([], ['a'], 'a'), undefined);
  });
});
