import assert from 'node:assert/strict';
import { searchSession } from '../../src/core/transcript/transcriptSearch.ts';
import { toMessageHead, toPartEntry } from '../../src/core/entries/transcriptEntry.ts';
import { Message, Part, type RunError } from '../../src/protocol/records.ts';
import type { MessageEntry } from '../../src/protocol/page/entries.ts';
import type { SessionPicture } from '../../src/protocol/page/toPage.ts';
import { aMessage, aText, aTool, aView } from './builders.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

/** Ten messages, of which a compaction has taken those before the seventh; it has kept the last two of them. */
function compacted(kept: string | undefined): MessageEntry[] {
  const prompts = [0, 2, 4].flatMap((number) => [
    aMessage(number, aText(`prt_${number}`, `Prompt ${number}`)),
    aMessage(number + 1, aText(`prt_${number + 1}`, `Answer ${number}`)),
  ]);
  const tail = kept === undefined ? {} : { tailStartId: kept };
  const request = aMessage(6, { id: 'prt_6', type: 'compaction', auto: false, ...tail });
  const summary = { ...aMessage(7, aText('prt_7', 'The summary')), summary: true, parentID: request.id };
  return [...prompts, request, summary, aMessage(8, aText('prt_8', 'And then?')), aMessage(9)];
}

const shownIds = (shown: TranscriptPage): Promise<string[]> =>
  shown.page
    .locator('[data-message-id]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-message-id') ?? ''));

describe('In a long transcript', function () {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  beforeEach(async () => {
    shown = await bench.open({ height: 600 });
  });

  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  const show = (view: Partial<SessionPicture>) => shown.send({ type: 'show', view: aView(view) });
  const fold = () => shown.page.getByTestId('fold');

  it('what was compacted is folded away, counted, and unfolds by keyboard', async () => {
    await show({ entries: compacted(undefined) });
    assert.equal(await fold().innerText(), '6 messages before this were compacted');
    assert.deepEqual((await shownIds(shown))[0], 'msg_000006');
    await fold().focus();
    await shown.page.keyboard.press('Enter');
    assert.deepEqual((await shownIds(shown))[0], 'msg_000000');
    assert.equal(await fold().getAttribute('aria-expanded'), 'true');
    assert.equal(await fold().evaluate((button) => button === document.activeElement), true);
    await shown.page.keyboard.press('Enter');
    assert.deepEqual((await shownIds(shown))[0], 'msg_000006');
  });

  it('what a compaction kept stays in view', async () => {
    await show({ entries: compacted('msg_000004') });
    assert.equal(await fold().innerText(), '4 messages before this were compacted');
    assert.deepEqual((await shownIds(shown))[0], 'msg_000004');
  });

  it('the count comes from the host where older messages are not loaded, which are left there', async () => {
    await show({ entries: compacted(undefined), hasOlder: true });
    assert.equal(await fold().innerText(), 'The messages before this were compacted');
    const { messageId } = await shown.posted('countBefore');
    assert.equal(messageId, 'msg_000006');
    assert.equal((await shown.allPosted()).filter(({ type }) => type === 'loadBeside').length, 0);
    await shown.send({ type: 'counted', sessionId: 'ses_1', messageId, count: 412, isMore: false });
    assert.equal(await fold().innerText(), '412 messages before this were compacted');
    await fold().click();
    await shown.posted('loadBeside');
  });

  it('nothing is folded under the reader when a compaction comes', async () => {
    const entries = compacted(undefined);
    await show({ entries: entries.slice(0, 7) });
    const [summary] = entries.slice(7);
    assert.ok(summary);
    const { parts: _, ...head } = summary;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [{ kind: 'message', head }] });
    assert.equal(await fold().getAttribute('aria-expanded'), 'true');
    assert.deepEqual((await shownIds(shown))[0], 'msg_000000');
  });

  it('the outline lists every prompt of the session, and goes to one that is folded away', async () => {
    await show({ entries: compacted(undefined), hasOlder: true });
    await shown.page.getByTestId('outline').click();
    assert.match(await shown.page.getByTestId('outline-list').innerText(), /Reading the earlier prompts/);
    await shown.posted('outline');
    const turns = ['Earliest', 'Prompt 0', 'Prompt 2', 'Prompt 4', 'And then?'].map((text, index) => ({
      messageId: `msg_00000${Math.max(0, 2 * index - 2)}`,
      text,
    }));
    await shown.send({
      type: 'outline',
      sessionId: 'ses_1',
      turns: [{ messageId: 'msg_', text: 'Earliest' }, ...turns.slice(1)],
    });
    const items = shown.page.locator('.outline-item');
    assert.deepEqual(
      await items.allInnerTexts(),
      turns.map(({ text }) => text),
    );
    await items.nth(2).click();
    assert.ok((await shownIds(shown)).includes('msg_000002'));
    await items.nth(0).click();
    assert.equal((await shown.posted('loadUntil')).messageId, 'msg_');
  });

  it('the outline marks the prompt whose turn is read, also within its answer', async () => {
    const entries = Array.from({ length: 20 }, (_, number) =>
      aMessage(number, aText(`prt_${number}`, `Line ${number} ${'word '.repeat(400)}`)),
    );
    await show({ entries });
    await shown.page.keyboard.press('Alt+ArrowUp');
    await shown.page.mouse.move(300, 300);
    await shown.page.mouse.wheel(0, -250);
    await shown.page.waitForFunction(
      () => document.elementFromPoint(300, 60)?.closest('article')?.dataset['role'] === 'assistant',
    );
    const read = await shown.page.evaluate(
      () => document.elementFromPoint(300, 60)?.closest('article')?.dataset['messageId'],
    );
    await shown.page.getByTestId('outline').click();
    const current = shown.page.locator('.outline-item[aria-current=true]');
    const prompt = `msg_${String(Number(read?.slice(4)) - 1).padStart(6, '0')}`;
    assert.equal(await current.getAttribute('data-outline-id'), prompt);
    assert.equal(await current.evaluate((item) => item === document.activeElement), true);
  });

  it('the outline opens with all prompts, and undo leads back to what it was sifted by', async () => {
    await show({
      entries: [0, 2].map((number) => aMessage(number, aText(`prt_${number}`, `Prompt ${number}`))),
    });
    await shown.page.getByTestId('outline').click();
    const filter = shown.page.getByLabel('Find a prompt');
    const items = shown.page.locator('.outline-item');
    await filter.focus();
    await shown.page.keyboard.type('Prompt 2');
    assert.equal(await items.count(), 1);
    await shown.page.keyboard.press('Escape');
    await shown.page.getByTestId('outline').click();
    assert.deepEqual([await filter.inputValue(), await items.count()], ['', 2]);
    await filter.focus();
    await shown.page.keyboard.press('ControlOrMeta+z');
    assert.deepEqual([await filter.inputValue(), await items.count()], ['Prompt 2', 1]);
  });

  it('find goes to a match that is not rendered, opens what hides it and tells it from the others', async () => {
    const entries = Array.from({ length: 60 }, (_, number) =>
      aMessage(number, aText(`prt_${number}`, `Line ${number} ${'word '.repeat(300)}`)),
    );
    entries[3] = aMessage(
      3,
      aTool({
        id: 'prt_3',
        tool: 'bash',
        input: { command: 'ls' },
        output: { text: 'the needle\n'.repeat(60) },
      }),
    );
    entries[50] = aMessage(50, aText('prt_50', 'A **nee**dle in two pieces'));
    await show({ entries });
    assert.equal((await shownIds(shown)).includes('msg_000003'), false);
    await shown.page.getByTestId('find').click();
    await shown.page.getByTestId('find-field').fill('Needle');
    const { token } = await shown.posted('find');
    const matches = [
      ...Array.from({ length: 60 }, (_, occurrence) => ({
        messageId: 'msg_000003',
        partId: 'prt_3',
        occurrence,
      })),
      { messageId: 'msg_000050', partId: 'prt_50', occurrence: 0 },
    ];
    await shown.send({ type: 'found', token, matches, isMore: true });
    assert.equal(await shown.page.locator('.find-count').innerText(), '61 of 61+');
    assert.deepEqual(await marks(shown), { others: 0, current: 'needle', isInView: true });
    await shown.page.getByTestId('find-field').press('Enter');
    assert.equal(await shown.page.locator('.find-count').innerText(), '60 of 61+');
    await shown.send({ type: 'connection', banner: { kind: 'live', message: '' } });
    assert.deepEqual(await marks(shown), { others: 59, current: 'needle', isInView: true });
    await shown.page.keyboard.press('Escape');
    assert.equal(await shown.page.evaluate(() => CSS.highlights.size), 0);
  });

  it('find marks as many places in a call as the search counts, whatever the tool', async () => {
    const given = {
      description: 'needle 1',
      command: 'echo needle',
      filePath: '/work/needle.ts',
      prompt: 'needle?',
    };
    const input = {
      ...given,
      pattern: 'needle',
      query: 'needle',
      url: 'https://needle.example',
      name: 'needle',
    };
    const edited = { ...input, oldString: 'needle', newString: 'no needle' };
    const diff = '--- a\n+++ a\n@@ -1,2 +1,2 @@\n the needle\n-needle\n+no needle\n';
    const calls = [
      ...'bash read grep glob list webfetch websearch task skill write question mcp_tool'
        .split(' ')
        .map((tool) => ({ tool, input, output: 'a needle\n\nand a \u001b[1mneedle\u001b[0m' })),
      {
        tool: 'question',
        input: { ...input, questions: [{ question: 'A needle?' }, { question: 'Another?' }] },
        metadata: { answers: [['The needle', 'needle 2'], []] },
      },
      { tool: 'read', input: { filePath: '/work/shop/needle.ts' }, output: '' },
      { tool: 'edit', input: edited, output: 'The needle' },
      { tool: 'edit', input: edited, output: 'The needle was edited.', metadata: { diff } },
      {
        tool: 'todowrite',
        input,
        metadata: { todos: [{ content: 'needle', status: 'pending', priority: 'low' }] },
      },
    ];
    const parts = calls.map(({ tool, ...state }, index) =>
      Part.parse({
        id: `prt_${100 + index}`,
        sessionID: 'ses_1',
        messageID: 'msg_000001',
        type: 'tool',
        callID: `call_${index}`,
        tool,
        state: {
          status: 'completed',
          title: '',
          output: '',
          metadata: {},
          time: { start: 1, end: 9000 },
          ...state,
        },
      }),
    );
    await marksWhatIsFound(parts, ['needle', 'read', 'edited', 'wrote', 'todo', 'answered', 'shop']);
  });

  it('find marks as many places in what is said in a line, in a subtask, a file and an error', async () => {
    const error = { name: 'APIError', data: { message: 'The needle broke.' } };
    const files = Array.from({ length: 30 }, (_, at) => `/work/${at === 20 ? 'needle' : at}.ts`);
    const parts = [
      { type: 'step-start' },
      { type: 'text', text: 'What was told: a **nee**dle', synthetic: true },
      { type: 'agent', name: 'needle' },
      { type: 'subtask', agent: 'needle', description: '', prompt: 'A *nee*dle' },
      { type: 'file', mime: 'text/needle', url: 'data:text/needle,ab' },
      { type: 'file', mime: 'text/plain', filename: 'needle.txt', url: 'data:text/plain,ab' },
      { type: 'retry', attempt: 1, error, time: { created: 1 } },
      { type: 'patch', hash: '1', files },
      { type: 'compaction', auto: true },
      { type: 'snapshot', snapshot: '1' },
      { type: 'hologram of a needle' },
      { type: 'step-finish', reason: 'needle', cost: 0 },
    ].map((fields, index) =>
      Part.parse({ id: `prt_${100 + index}`, sessionID: 'ses_1', messageID: 'msg_000001', ...fields }),
    );
    const found = await marksWhatIsFound(
      parts,
      [
        'needle',
        'plain',
        'text/',
        '2 b',
        'attempt',
        'step',
        'snapshot',
        'changed',
        'again',
        'context',
        'told',
      ],
      error,
    );
    assert.equal(found.get('needle'), 10);
    assert.equal(found.get('again'), 2, 'in an attempt and in what ended the message');
  });

  it('find marks the same letters however they are written, as the search counts them', async () => {
    const texts = [
      'Ein Cafe\u0301, ein **CAF**É und ein cafe',
      'Die STRASSE, die *Stra*ße',
      '한국 \u1112\u1161\u11ab국',
    ];
    const parts = texts.map((text, index) =>
      Part.parse({
        id: `prt_${100 + index}`,
        sessionID: 'ses_1',
        messageID: 'msg_000001',
        type: 'text',
        text,
      }),
    );
    const found = await marksWhatIsFound(parts, ['straße', '한국', 'café']);
    assert.deepEqual([...found.values()], [2, 2, 3]);
    assert.equal(((await marks(shown)) as { current: string }).current, 'Cafe\u0301');
  });

  /** Looks for each of the words as the host does, and compares with what is marked; how often each was found. */
  async function marksWhatIsFound(
    parts: readonly Part[],
    queries: readonly string[],
    error?: RunError,
  ): Promise<ReadonlyMap<string, number>> {
    const info = Message.parse({
      id: 'msg_000001',
      sessionID: 'ses_1',
      role: 'assistant',
      time: { created: 1 },
      agent: 'build',
      parentID: 'msg_000000',
      providerID: 'local',
      modelID: 'echo',
      error,
    });
    const entry = { ...toMessageHead(info), parts: parts.map((part) => toPartEntry(part)) };
    await show({ entries: [entry] });
    await shown.page.getByTestId('find').click();
    const found = new Map<string, number>();
    for (const query of queries) {
      const history = { listMessages: () => Promise.resolve({ messages: [{ info, parts: [...parts] }] }) };
      const { matches } = await searchSession(
        history,
        { sessionId: 'ses_1', query, directory: '/work/shop' },
        { isWanted: () => true, pause: async () => undefined },
      );
      await shown.page.getByTestId('find-field').fill(query);
      const { token } = await shown.posted('find');
      await shown.send({ type: 'found', token, matches });
      for (let step = 1; step < matches.length; step += 1) await shown.page.keyboard.press('Enter');
      await shown.send({ type: 'connection', banner: { kind: 'live', message: '' } });
      assert.deepEqual(await markedParts(shown), countByPart(matches), query);
      found.set(query, matches.length);
    }
    return found;
  }
});

const countByPart = (matches: readonly { readonly partId: string }[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(matches, ({ partId }) => partId)).map(([id, found = []]) => [
      id,
      found.length,
    ]),
  );

/** How many places are marked in each part. */
async function markedParts(shown: TranscriptPage): Promise<Record<string, number>> {
  const marked = await shown.page.evaluate(() =>
    ['found', 'found-current'].flatMap((name) =>
      [...(CSS.highlights.get(name) ?? [])].map(
        ({ startContainer }) =>
          startContainer.parentElement?.closest<HTMLElement>('[data-part-id]')?.dataset['partId'] ?? '',
      ),
    ),
  );
  return countByPart(marked.map((partId) => ({ partId })));
}

/** What is marked as found: how many besides the current one, and its words. */
function marks(shown: TranscriptPage): Promise<unknown> {
  return shown.page.evaluate(() => {
    const [mark] = [...(CSS.highlights.get('found-current') ?? [])];
    if (!mark) return 'no mark';
    const range = document.createRange();
    range.setStart(mark.startContainer, mark.startOffset);
    range.setEnd(mark.endContainer, mark.endOffset);
    const words = range.getBoundingClientRect();
    const at = document.elementFromPoint(words.left + 1, words.top + 1);
    return {
      others: CSS.highlights.get('found')?.size,
      current: range.toString(),
      isInView: range.startContainer.parentElement?.contains(at) === true,
    };
  });
}
