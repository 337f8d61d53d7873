import assert from 'node:assert/strict';
import type { MessagePage } from '../../../src/core/openCode.ts';
import { searchSession } from '../../../src/core/transcript/transcriptSearch.ts';
import { aUserMessage } from './builders.ts';

/** Two pages, the newer one first. */
const pages: readonly MessagePage[] = [
  { messages: [aUserMessage('msg_3', { text: 'A Needle in the needles' })], before: 'older' },
  { messages: [aUserMessage('msg_1', { text: 'nothing' }), aUserMessage('msg_2', { text: 'needle' })] },
];

function aHistory() {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    listMessages: (_sessionId: string, { before }: { before?: string }) => {
      asked.push(before);
      return Promise.resolve((before === undefined ? pages[0] : pages[1]) ?? { messages: [] });
    },
  };
}

describe('the search in a session', () => {
  it('reads the whole history and finds regardless of case, oldest first', async () => {
    const { matches, isMore } = await searchSession(aHistory(), 'ses_1', 'NEEDLE', () => true);
    assert.deepEqual(
      matches.map(({ messageId, occurrence }) => [messageId, occurrence]),
      [
        ['msg_2', 0],
        ['msg_3', 0],
        ['msg_3', 1],
      ],
    );
    assert.equal(isMore, false);
  });

  it('finds what a reader sees, and not where a link leads', async () => {
    const text =
      '# The *needle*\n\n[a link](https://needle.example/a_(b) "needle") to the **nee**dle, `needle` and x_needle_y.\n\n```needle\n2 * 3\n```';
    const history = { listMessages: () => Promise.resolve({ messages: [aUserMessage('msg_1', { text })] }) };
    const places = async (query: string) =>
      (await searchSession(history, 'ses_1', query, () => true)).matches.length;
    assert.equal(await places('needle'), 4);
    assert.equal(await places('2 * 3'), 1);
    assert.equal(await places('https'), 0);
  });

  it('stops when nobody wants it any more', async () => {
    const history = aHistory();
    const { isMore } = await searchSession(history, 'ses_1', 'needle', () => false);
    assert.deepEqual(history.asked, [undefined]);
    assert.equal(isMore, true);
  });
});
