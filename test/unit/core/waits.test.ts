import assert from 'node:assert/strict';
import { type KeptWait, Waits } from '../../../src/core/requests/waits.ts';
import { Attention } from '../../../src/core/sessions/attention.ts';
import { timeOfId } from '../../../src/core/turns/messageId.ts';
import { describeWaited, formatWorked, waitedBetween } from '../../../src/core/turns/waitedBetween.ts';
import type { PermissionRequest } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { hearing } from './hearing.ts';
import { aPermission, aStore } from './stores.ts';

const sessions = [aSession({ id: 'ses_top' }), aSession({ id: 'ses_sub', parentID: 'ses_top' })];
const tool = { messageID: 'msg_1', callID: 'call_1' };
const asked = { ...aPermission({ id: 'per_1', sessionID: 'ses_sub' }), tool };

/** A window that hears a server; `kept`: what the one before it left. */
function aWindow(kept: readonly KeptWait[] = [], begins = 1000) {
  const store = aStore([]);
  const clock = { now: begins };
  const memory = { kept };
  const waits = new Waits({
    attention: new Attention(store),
    memory: { read: () => memory.kept, write: (written) => void (memory.kept = structuredClone(written)) },
    now: () => clock.now,
  });
  const say = hearing(store, waits);
  const look = (...permissions: readonly PermissionRequest[]) => {
    const statuses = { ses_sub: { type: 'busy' } } as const;
    return [{ directory: '/work', sessions, statuses, permissions, questions: [] }];
  };
  const connect = (...permissions: readonly PermissionRequest[]): void => {
    for (const sink of [store, waits]) sink.reset(look(...permissions));
  };
  const compare = (...permissions: readonly PermissionRequest[]): void => {
    const told = { records: new Set<string>(), statuses: new Set<string>(), requests: new Set<string>() };
    const found = { snapshot: look(...permissions), complete: true, told };
    store.compare(found);
    waits.compare();
  };
  const ask = (): void => say({ type: 'permission.asked', properties: asked });
  const answer = (): void =>
    say({ type: 'permission.replied', properties: { sessionID: 'ses_sub', requestID: 'per_1' } });
  return { waits, clock, memory, connect, compare, ask, answer };
}

describe('The times in which a run waits for a person', () => {
  it('are counted once where they overlap, and only within the run', () => {
    const count = (...given: Parameters<typeof waitedBetween>) => waitedBetween(...given).milliseconds;
    assert.equal(count([], 0, 100), 0);
    assert.equal(
      count(
        [
          { from: 10, to: 30 },
          { from: 20, to: 40 },
        ],
        0,
        100,
      ),
      30,
    );
    assert.equal(count([{ from: -50, to: 10 }, { from: 90 }], 0, 100), 20);
    assert.equal(count([{ from: 200, to: 300 }], 0, 100), 0);
  });

  it('are the least of it where nobody knows more, in the run in which that was', () => {
    const waits = [{ from: 10_000, to: 12_000, isLeast: true }] as const;
    assert.deepEqual(waitedBetween(waits, 0, 60_000), { milliseconds: 2000, isLeast: true });
    assert.deepEqual(waitedBetween(waits, 20_000, 60_000), { milliseconds: 0, isLeast: false });
  });

  it('are told with that', () => {
    assert.equal(describeWaited({ milliseconds: 0, isLeast: false }), undefined);
    assert.equal(describeWaited({ milliseconds: 60_000, isLeast: false }), '+ waited 1 min 0 s');
    assert.equal(describeWaited({ milliseconds: 60_000, isLeast: true }), '+ waited at least 1 min 0 s');
    assert.equal(describeWaited({ milliseconds: 0, isLeast: true }), '+ waited, nobody saw how long');
    assert.equal(formatWorked(40_000, { milliseconds: 0, isLeast: false }), '40 s');
    assert.equal(formatWorked(40_000, { milliseconds: 0, isLeast: true }), '≤ 40 s');
  });

  it('begin and end with the request, by its call, also for the sessions above', () => {
    const { waits, clock, connect, ask, answer } = aWindow();
    connect();
    ask();
    assert.deepEqual(waits.of('ses_top'), [{ from: 1000, callId: 'call_1' }]);
    clock.now = 61_000;
    answer();
    const waited = [{ from: 1000, to: 61_000, callId: 'call_1' }];
    assert.deepEqual(waits.of('ses_sub'), waited);
    assert.deepEqual(waits.of('ses_top'), waited);
    waits.dispose();
  });

  it('outlive the window, also those that go on', () => {
    const before = aWindow();
    before.connect();
    before.ask();
    const open = before.memory.kept;
    before.clock.now = 61_000;
    before.answer();
    const waited = [{ from: 1000, to: 61_000, callId: 'call_1' }];
    const after = aWindow(before.memory.kept, 70_000);
    assert.deepEqual(after.waits.of('ses_top'), waited);
    after.connect();
    assert.deepEqual(after.waits.of('ses_top'), waited);

    const meanwhile = aWindow(open, 41_000);
    meanwhile.connect(asked);
    meanwhile.clock.now = 61_000;
    meanwhile.answer();
    assert.deepEqual(meanwhile.waits.of('ses_sub'), waited);
  });

  it('are the least of it where the end was not seen: over a reload, a broken stream and by a look', () => {
    const before = aWindow();
    before.connect();
    before.ask();
    const after = aWindow(before.memory.kept, 90_000);
    after.connect();
    const least = { from: 1000, callId: 'call_1', isLeast: true };
    assert.deepEqual(after.waits.of('ses_top'), [{ ...least, to: 1000 }]);
    assert.deepEqual(aWindow(after.memory.kept).waits.of('ses_top'), [{ ...least, to: 1000 }]);

    for (const find of ['connect', 'compare'] as const) {
      const { waits, clock, connect, compare, ask, [find]: look } = aWindow();
      connect();
      ask();
      clock.now = 5000;
      compare(asked);
      clock.now = 90_000;
      look();
      assert.deepEqual(waits.of('ses_sub'), [{ ...least, to: 5000 }], find);
    }
  });

  it('began when the id of the request was made where that was not seen, and nobody knows when where it does not say', () => {
    const id = 'per_1fb85552e001ONtMuo1kBmVNda';
    const { waits, connect } = aWindow([], 1_795_221_241_742);
    connect({ ...asked, id });
    assert.deepEqual(waits.of('ses_top'), [{ from: 1_795_221_181_742, callId: 'call_1' }]);
    const other = aWindow();
    other.connect(asked);
    assert.deepEqual(other.waits.of('ses_top'), [{ from: 1000, callId: 'call_1', isLeast: true }]);
    assert.equal(timeOfId(id, 1_795_221_181_000), undefined, 'a clock that is ahead of ours');
    assert.equal(timeOfId('msg_1fb85552e001ONtMuo1kBmVNda', 1_795_221_241_742), undefined);
  });

  it('go on where a look that missed the request is followed by one that does not', () => {
    const { waits, clock, connect, ask } = aWindow();
    connect();
    ask();
    connect();
    clock.now = 9000;
    connect(asked);
    assert.deepEqual(waits.of('ses_sub'), [{ from: 1000, callId: 'call_1' }]);
  });

  it('are forgotten, the oldest first, where there were very many', () => {
    const many = Array.from({ length: 600 }, (_, index) => ({
      requestId: `per_kept_${index}`,
      sessionIds: ['ses_top'],
      from: index,
      to: index,
    }));
    const { waits, memory, connect, ask } = aWindow(many);
    connect();
    ask();
    assert.deepEqual([waits.of('ses_top').length, memory.kept.length], [500, 500]);
    assert.deepEqual(waits.of('ses_top').at(-1), { from: 1000, callId: 'call_1' });
  });
});
