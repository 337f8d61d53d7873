import assert from 'node:assert/strict';
import { waitedBetween } from '../../../src/core/turns/waitedBetween.ts';
import { Waits } from '../../../src/core/requests/waits.ts';
import { Attention } from '../../../src/core/sessions/attention.ts';
import { aSession } from './builders.ts';
import { aPermission, aStore } from './stores.ts';

describe('The times in which a run waits for a person', () => {
  it('are counted once where they overlap, and only within the run', () => {
    assert.equal(waitedBetween([], 0, 100), 0);
    assert.equal(
      waitedBetween(
        [
          { from: 10, to: 30 },
          { from: 20, to: 40 },
        ],
        0,
        100,
      ),
      30,
    );
    assert.equal(waitedBetween([{ from: -50, to: 10 }, { from: 90 }], 0, 100), 20);
    assert.equal(waitedBetween([{ from: 200, to: 300 }], 0, 100), 0);
  });

  it('begin and end with the request, by its call, also for the sessions above', () => {
    const store = aStore([aSession({ id: 'ses_top' }), aSession({ id: 'ses_sub', parentID: 'ses_top' })]);
    let now = 1000;
    const waits = new Waits(new Attention(store), () => now);
    const tool = { messageID: 'msg_1', callID: 'call_1' };
    const asked = { ...aPermission({ id: 'per_1', sessionID: 'ses_sub' }), tool };
    store.apply({ type: 'permission.asked', properties: asked });
    assert.deepEqual(waits.of('ses_top'), [{ from: 1000, callId: 'call_1' }]);
    now = 61_000;
    store.apply({ type: 'permission.replied', properties: { sessionID: 'ses_sub', requestID: 'per_1' } });
    const waited = [{ from: 1000, to: 61_000, callId: 'call_1' }];
    assert.deepEqual(waits.of('ses_sub'), waited);
    assert.deepEqual(waits.of('ses_top'), waited);
    waits.dispose();
  });
});
