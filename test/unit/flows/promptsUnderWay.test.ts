import assert from 'node:assert/strict';
import type { DeliveryEntry, DeliveryState, PromptCause } from '../../../src/core/prompts/delivery.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { PromptsUnderWay } from '../../../src/flows/prompting/promptsUnderWay.ts';
import { Memory } from '../views/memory.ts';

function anEntry(state: DeliveryState, cause: PromptCause = 'typed'): DeliveryEntry {
  const where = { messageId: 'msg_1', sessionId: 'ses_1', directory: '/work' };
  return { ...where, cause, agent: 'build', text: 'Go on', time: 1, state };
}

function setUp(memory = new Memory()) {
  const deliveries = new Deliveries(memory);
  const timers: (() => void)[] = [];
  const underWay = new PromptsUnderWay({
    deliveries,
    startTimer: (callback) => {
      timers.push(callback);
      return { dispose: () => timers.splice(timers.indexOf(callback), 1) };
    },
  });
  return { deliveries, timers, underWay, whys: () => underWay.of('ses_1').map(({ why }) => why) };
}

describe('a prompt under way', () => {
  it('is shown with what it waits for, and no more once it is sent', () => {
    const { deliveries, whys } = setUp();
    deliveries.write(anEntry({ kind: 'waiting', reason: 'The session is being compacted.' }));
    assert.deepEqual(whys(), ['The session is being compacted.']);
    deliveries.set('msg_1', { kind: 'stored' });
    assert.deepEqual(whys(), []);
  });

  it('is shown when it is late, not before', () => {
    const { deliveries, timers, whys } = setUp();
    deliveries.write(anEntry({ kind: 'sending' }));
    assert.deepEqual(whys(), []);
    for (const timer of timers.slice()) timer();
    assert.deepEqual(whys(), ['On its way to OpenCode…']);
    deliveries.set('msg_1', { kind: 'absent', reason: 'It did not arrive.' });
    assert.deepEqual([whys(), timers.length], [[], 0]);
  });

  it('is shown by whoever else lists it, and not twice', () => {
    const { deliveries, whys } = setUp();
    deliveries.write(anEntry({ kind: 'unknown' }, 'relay'));
    assert.deepEqual(whys(), []);
  });

  it('is unknown after a reload, also where it was on its way; what only waited was never sent', () => {
    const memory = new Memory();
    const before = setUp(memory);
    before.deliveries.write(anEntry({ kind: 'sending' }));
    before.deliveries.write({ ...anEntry({ kind: 'waiting', reason: '' }), messageId: 'msg_2' });
    const { deliveries, whys } = setUp(memory);
    assert.match(whys()[0] ?? '', /not known yet/);
    assert.equal(deliveries.get('msg_2'), undefined);
  });
});

describe('the record of prompts', () => {
  it('forgets the oldest whose fate is known, and none whose fate is open', () => {
    const { deliveries } = setUp();
    deliveries.write({ ...anEntry({ kind: 'unknown' }), messageId: 'msg_open' });
    for (let index = 0; index < 300; index++) {
      deliveries.write({ ...anEntry({ kind: 'stored' }), messageId: `msg_${index}` });
    }
    assert.equal(deliveries.all().length, 200);
    assert.equal(deliveries.all()[0]?.messageId, 'msg_open');
    assert.notEqual(deliveries.get('msg_299'), undefined);
  });
});
