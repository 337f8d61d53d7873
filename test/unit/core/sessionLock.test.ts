import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';

describe('the lock of a session', () => {
  it('lets one act at a time in each session, in the order of asking, also after one that fails', async () => {
    const anAct = fc.record({
      sessionId: fc.constantFrom('ses_1', 'ses_2'),
      ticks: fc.nat(3),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anAct, { maxLength: 12 }), async (acts) => {
        const lock = new SessionLock();
        const holders = new Map<string, number>();
        const order: number[] = [];
        const results = acts.map(async ({ sessionId, ticks, fails }, index) =>
          lock.hold(sessionId, 'It is held.', async () => {
            holders.set(sessionId, (holders.get(sessionId) ?? 0) + 1);
            order.push(index);
            for (let tick = 0; tick < ticks; tick += 1) {
              assert.equal(holders.get(sessionId), 1);
              await Promise.resolve();
            }
            holders.set(sessionId, (holders.get(sessionId) ?? 0) - 1);
            if (fails) throw new Error(String(index));
            return index;
          }),
        );
        const settled = await Promise.allSettled(results);
        assert.deepEqual(
          settled.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
          acts.map(({ fails }, index) => (fails ? `Error: ${index}` : index)),
        );
        for (const id of ['ses_1', 'ses_2']) {
          const asked = acts.flatMap(({ sessionId }, index) => (sessionId === id ? [index] : []));
          assert.deepEqual(
            order.filter((index) => asked.includes(index)),
            asked,
          );
        }
      }),
    );
  });
});
