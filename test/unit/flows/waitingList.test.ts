import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { PromptCause } from '../../../src/core/prompts/delivery.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import type { PromptQueue } from '../../../src/flows/prompting/promptQueue.ts';
import { PromptsUnderWay } from '../../../src/flows/prompting/promptsUnderWay.ts';
import { WaitingList } from '../../../src/flows/prompting/waitingList.ts';
import type { QueuedPrompt } from '../../../src/protocol/page/composer.ts';
import { Memory } from '../views/memory.ts';

const reason = 'The session is being compacted.';

/** Prompts that the queue and the relays list, and one that waits on its way for a compaction. */
function setUp(cause: PromptCause, listed: readonly QueuedPrompt[]) {
  const deliveries = new Deliveries(new Memory());
  const underWay = new PromptsUnderWay({ deliveries, startTimer: () => ({ dispose: () => undefined }) });
  const entry = { messageId: 'msg_1', sessionId: 'ses_1', directory: '/work', agent: 'build', text: 'One' };
  deliveries.write({ ...entry, cause, time: 1, state: { kind: 'waiting', reason } });
  const none = { onDidChange: new Emitter<{ sessionId: string }>().event, of: () => [] };
  const list = { ...none, of: () => listed };
  const queue = (cause === 'queue' ? list : none) as unknown as PromptQueue;
  const pending = { ...(cause === 'relay' ? list : none), edit: async () => {}, remove: async () => {} };
  return new WaitingList(underWay, queue, pending).of('ses_1').map(({ id, why }) => [id, why]);
}

describe('the list of what waits', () => {
  const one: QueuedPrompt = { id: 'msg_1', text: 'One', agent: 'build', sending: true };

  it('says what holds a prompt on its way, whoever lists it, and lists it once', () => {
    assert.deepEqual(setUp('typed', []), [['msg_1', reason]]);
    for (const cause of ['queue', 'relay'] as const) {
      const listed = [one, { ...one, id: 'msg_2' }];
      assert.deepEqual(setUp(cause, listed), [
        ['msg_1', reason],
        ['msg_2', undefined],
      ]);
    }
  });

  it('lets those who list it say more', () => {
    assert.deepEqual(setUp('queue', [{ ...one, why: 'Slow down.' }]), [['msg_1', 'Slow down.']]);
  });
});
