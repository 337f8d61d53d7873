import assert from 'node:assert/strict';
import type { MessagePage, PageEnd } from '../../../src/core/ports/openCode.ts';
import { type Search, searchSession } from '../../../src/core/transcript/transcriptSearch.ts';
import { entryLimits } from '../../../src/core/entries/transcriptEntry.ts';
import { Part } from '../../../src/protocol/records.ts';
import { aUserMessage } from './builders.ts';

/** Two pages, the newer one first. */
const pages: readonly MessagePage[] = [
  { messages: [aUserMessage('msg_3', { text: 'A Needle in the needles' })], before: 'older' },
  { messages: [aUserMessage('msg_1', { text: 'nothing' }), aUserMessage('msg_2', { text: 'needle' })] },
];

function aHistory() {
  const asked: (PageEnd | undefined)[] = [];
  return {
    asked,
    listMessages: (_sessionId: string, { before }: { before?: PageEnd }) => {
      asked.push(before);
      return Promise.resolve((before === undefined ? pages[0] : pages[1]) ?? { messages: [] });
    },
  };
}

const rest = (): Promise<void> => Promise.resolve();

const search = (query: string): Search => ({ sessionId: 'ses_1', query, directory: '' });

describe('the search in a session', () => {
  it('reads the whole history and finds regardless of case, oldest first', async () => {
    const { matches, isMore } = await searchSession(aHistory(), search('NEEDLE'), {
      isWanted: () => true,
      pause: rest,
    });
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
      (await searchSession(history, search(query), { isWanted: () => true, pause: rest })).matches.length;
    assert.equal(await places('needle'), 4);
    assert.equal(await places('2 * 3'), 1);
    assert.equal(await places('https'), 0);
  });

  it('finds nothing in what a page does not show: a patch that calls tell, the note above a command of a person', async () => {
    const of = { sessionID: 'ses_1', messageID: 'msg_1' };
    const state = {
      status: 'completed',
      title: '',
      output: '',
      input: { filePath: '/work/needle.ts' },
      metadata: {},
      time: { start: 1, end: 2 },
    };
    const call = Part.parse({ ...of, id: 'prt_1', type: 'tool', tool: 'edit', callID: 'call_1', state });
    const patch = Part.parse({ ...of, id: 'prt_2', type: 'patch', hash: '1', files: ['/work/needle.ts'] });
    const text = 'The following tool was executed by the user';
    const note = Part.parse({ ...of, id: 'prt_3', type: 'text', text, synthetic: true });
    const { info } = aUserMessage('msg_1', { text: '' });
    const places = async (query: string, ...parts: readonly Part[]) => {
      const history = { listMessages: () => Promise.resolve({ messages: [{ info, parts: [...parts] }] }) };
      const { matches } = await searchSession(history, search(query), { isWanted: () => true, pause: rest });
      return [...new Set(matches.map(({ partId }) => partId))];
    };
    assert.deepEqual(await places('needle', call, patch), ['prt_1']);
    assert.deepEqual(await places('needle', patch), ['prt_2']);
    assert.deepEqual(await places('executed', note), []);
  });

  const inCall = async (tool: string, state: Record<string, unknown>, query: string) => {
    const fields = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_1', type: 'tool', callID: 'call_1' };
    const done = { status: 'completed', title: '', metadata: {}, output: '', time: { start: 1, end: 2 } };
    const part = Part.parse({ ...fields, tool, state: { ...done, ...state } });
    const { info } = aUserMessage('msg_1', { text: '' });
    const history = { listMessages: () => Promise.resolve({ messages: [{ info, parts: [part] }] }) };
    return (await searchSession(history, search(query), { isWanted: () => true, pause: rest })).matches
      .length;
  };

  it('counts in a call what its card shows: of an edit its diff, not what it was given besides', async () => {
    const edit = {
      input: { filePath: '/work/cart.ts', oldString: 'const needle = 1;', newString: 'const needle = 2;' },
      output: 'The needle was edited.',
      metadata: {
        diff: '--- /work/cart.ts\n+++ /work/cart.ts\n@@ -1 +1 @@\n-const needle = 1;\n+const needle = 2;\n',
      },
    };
    assert.equal(await inCall('edit', edit, 'needle'), 2);
    assert.equal(await inCall('edit', edit, 'cart.ts'), 1);
    assert.equal(
      await inCall('read', { input: { filePath: '/work/needle.ts' }, output: 'a needle' }, 'needle'),
      2,
    );
    const coloured = { input: { command: 'ls', description: 'Lists' }, output: '\u001b[31mnee\u001b[0mdle' };
    assert.equal(await inCall('bash', coloured, 'needle'), 1);
    assert.equal(await inCall('bash', coloured, '31m'), 0);
  });

  it('finds also what a card cuts', async () => {
    const output = `needle${'x'.repeat(entryLimits.output)}`;
    assert.equal(await inCall('bash', { input: { command: 'make' }, output }, 'needle'), 1);
  });

  it('finds in a diff that is too large to be taken apart', async () => {
    const lines = '+a line of a large file\n'.repeat(50_000);
    const metadata = { diff: `--- a\n+++ b\n@@ -0,0 +1,50001 @@\n${lines}+the needle\n` };
    assert.equal(await inCall('edit', { input: { filePath: '/work/cart.ts' }, metadata }, 'needle'), 1);
    assert.equal(await inCall('edit', { input: { filePath: '/work/cart.ts' }, metadata }, '+the'), 0);
  });

  it('stops when nobody wants it any more', async () => {
    const history = aHistory();
    const { isMore } = await searchSession(history, search('needle'), { isWanted: () => false, pause: rest });
    assert.deepEqual(history.asked, [undefined]);
    assert.equal(isMore, true);
  });

  it('lets others have their turn between the parts of one message, and stops there when it is not wanted', async () => {
    const [part = assert.fail()] = aUserMessage('msg_1', { text: 'needle' }).parts;
    const parts = Array.from({ length: 300 }, (_, index) => ({ ...part, id: `prt_${index}` }));
    const message = { ...aUserMessage('msg_1'), parts };
    const history = { listMessages: () => Promise.resolve({ messages: [message] }) };
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses += 1;
      return Promise.resolve();
    };
    const all = await searchSession(history, search('needle'), { isWanted: () => true, pause });
    assert.equal(all.matches.length, 300);
    assert.equal(all.matches[299]?.partId, 'prt_299');
    assert.equal(pauses, 10);
    await searchSession(history, search('needle'), { isWanted: () => pauses < 12, pause });
    assert.equal(pauses, 12);
  });
});
