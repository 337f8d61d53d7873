import assert from 'node:assert/strict';
import { countMessages, outlineSession } from '../../../src/core/transcript/sessionOutline.ts';
import { anAnswer, aUserMessage } from './builders.ts';

/** A server with `count` messages; even ones are prompts. Cursors are indexes. */
function aHistory(count: number) {
  const all = Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? aUserMessage(`msg_${index}`, { text: `Prompt ${index}` })
      : anAnswer(`msg_${index}`, `msg_${index - 1}`),
  );
  const asked: number[] = [];
  return {
    asked,
    listMessages: async (_sessionId: string, page: { limit: number; before?: string }) => {
      const end = page.before === undefined ? all.length : Number(page.before);
      const start = Math.max(0, end - page.limit);
      asked.push(end);
      return { messages: all.slice(start, end), ...(start > 0 ? { before: String(start) } : {}) };
    },
  };
}

describe('the outline of a session', () => {
  it('lists every prompt of the whole history, oldest first', async () => {
    const turns = await outlineSession(aHistory(1001), 'ses_1', () => true);
    assert.equal(turns.length, 501);
    assert.deepEqual(turns[0], { messageId: 'msg_0', text: 'Prompt 0' });
    assert.deepEqual(turns.at(-1), { messageId: 'msg_1000', text: 'Prompt 1000' });
  });

  it('stops reading when nobody wants it any more', async () => {
    const history = aHistory(1001);
    await outlineSession(history, 'ses_1', () => false);
    assert.equal(history.asked.length, 1);
  });

  it('counts what is before a cursor, and says so where it gave up', async () => {
    assert.deepEqual(await countMessages(aHistory(1001), 'ses_1', '412'), { count: 412, isMore: false });
    assert.deepEqual(await countMessages(aHistory(1001), 'ses_1', undefined), { count: 0, isMore: false });
    assert.deepEqual(await countMessages(aHistory(5000), 'ses_1', '4000'), { count: 2000, isMore: true });
  });
});
