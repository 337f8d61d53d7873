import assert from 'node:assert/strict';
import { openSoak } from '../../soak/soak.ts';

describe('Agents that relay and write to each other for a while', function () {
  this.timeout(300_000);

  it('are answered once each and in order, and leave nothing that waits', async () => {
    const soak = await openSoak({ relays: 15, notes: 2, rest: 0 });
    try {
      for (let lap = 0; lap < 2; lap += 1) await soak.run();
      assert.deepEqual(await soak.judge(), []);
    } finally {
      await soak.close();
    }
  });
});
