import assert from 'node:assert/strict';
import type { MessagePage } from '../../../src/core/ports/openCode.ts';
import { loadMessagesBack, pagesBack } from '../../../src/core/transcript/messagesBack.ts';
import { countMessages } from '../../../src/core/transcript/sessionOutline.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import { aUserMessage } from './builders.ts';

describe('The pages of a session', () => {
  /** A server that answers with `pages` by their cursors, and counts how often it is asked. */
  function aHistory(pages: Readonly<Record<string, MessagePage>>) {
    const asked: string[] = [];
    const listMessages = ({ before = '' }: { before?: string }): MessagePage => {
      asked.push(before);
      assert.ok(asked.length < 20, 'it is asked for ever');
      return pages[before] ?? pages['*'] ?? assert.fail(before);
    };
    return { asked, openCode: { listMessages: async (_: string, page: object) => listMessages(page) } };
  }

  // In the order of time.
  const made = new Map(['a', 'b', 'c'].map((id) => [id, aUserMessage(id)]));

  const page = (id: string, before?: string): MessagePage => ({
    messages: [made.get(id) ?? assert.fail(id)],
    ...(before === undefined ? {} : { before }),
  });

  const idsOf = async (openCode: ReturnType<typeof aHistory>['openCode']): Promise<readonly string[]> =>
    (await loadMessagesBack(openCode, 'ses_1', () => false)).map(({ info }) => info.id);

  it('come back to its beginning', async () => {
    const { openCode, asked } = aHistory({ '': page('c', '2'), '2': page('b', '1'), '1': page('a') });
    assert.deepEqual(await idsOf(openCode), ['a', 'b', 'c']);
    assert.deepEqual(asked, ['', '2', '1']);
  });

  it('end where the server goes in a circle', async () => {
    const circle = { '': page('c', '2'), '2': page('b', '1'), '1': page('a', '2') };
    assert.deepEqual(await idsOf(aHistory(circle).openCode), ['a', 'b', 'c']);
    const { openCode, asked } = aHistory({ '': page('a', '1'), '1': page('b', '1') });
    assert.deepEqual(await idsOf(openCode), ['b', 'a']);
    assert.deepEqual(asked, ['', '1']);
    const { count, isMore } = await countMessages(aHistory(circle).openCode, 'ses_1', '2');
    assert.deepEqual([count, isMore], [2, false]);
  });

  it('end with one that holds nothing, or what an earlier one held', async () => {
    const empty = aHistory({ '': page('a', '1'), '*': { messages: [], before: '0' } });
    assert.deepEqual(await idsOf(empty.openCode), ['a']);
    let cursor = 0;
    const again: MessagePage = {
      messages: [aUserMessage('a')],
      get before() {
        return String((cursor += 1));
      },
    };
    assert.deepEqual(await idsOf(aHistory({ '*': again }).openCode), ['a']);
  });

  it('end in a transcript where what stands before a message is that message, or nothing', async () => {
    for (const last of [page('b', '1'), { messages: [], before: '1' }]) {
      const { openCode } = aHistory({ '': page('c', '2'), '2': page('b', '1'), '1': last });
      const history = { ...openCode, getMessage: () => assert.fail() };
      const store = new TranscriptStore(history);
      const transcript = await store.load('ses_1');
      await store.loadBeside('ses_1', 'c', 'before');
      assert.equal(transcript.isMissingBeside('b', 'before'), true);
      await store.loadBeside('ses_1', 'b', 'before');
      assert.deepEqual(transcript.messageIds, ['b', 'c']);
      assert.equal(transcript.isMissingBeside('b', 'before'), false);
    }
  });

  it('say of the last that nothing is before it', async () => {
    const { openCode } = aHistory({ '': page('b', '1'), '1': page('a', '1') });
    const cursors: (string | undefined)[] = [];
    for await (const { before } of pagesBack(openCode, 'ses_1')) cursors.push(before);
    assert.deepEqual(cursors, ['1', undefined]);
  });
});
