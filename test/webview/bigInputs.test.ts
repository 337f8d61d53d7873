import assert from 'node:assert/strict';
import { toPartEntry } from '../../src/core/entries/transcriptEntry.ts';
import type { MessageEntry, PartEntry } from '../../src/protocol/page/entries.ts';
import { Part } from '../../src/protocol/records.ts';
import { aMessage, aText, aView } from './builders.ts';
import { openGroups } from './usePage.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

/** A part as the server has it, as the host gives it to the page. */
function entryOf(part: Record<string, unknown>): PartEntry {
  const id = { id: 'prt_1', messageID: 'msg_000001', sessionID: 'ses_1' };
  return toPartEntry(Part.parse({ ...id, ...part }));
}

const text = (value: string): PartEntry => entryOf({ type: 'text', text: value, time: { start: 1, end: 2 } });

describe('What is far too big', function () {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  beforeEach(async () => {
    shown = await bench.open({ width: 500 });
  });

  afterEach(async () => {
    const { overflow, nodes } = await shown.page.evaluate(() => {
      const rows = document.querySelector('.scroller');
      return {
        overflow: Math.max(
          document.documentElement.scrollWidth - window.innerWidth,
          (rows?.scrollWidth ?? 0) - (rows?.clientWidth ?? 0),
        ),
        nodes: document.querySelectorAll('*').length,
      };
    });
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    assert.ok(nodes < 16_000, `${nodes} elements`);
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  const show = (...entries: readonly MessageEntry[]) =>
    shown.send({ type: 'show', view: aView({ entries }) });

  it('is clamped, as a tool output of 20 MB, and opens whole in an editor', async () => {
    const output = `${'x'.repeat(199)}\n`.repeat(100_000);
    const state = {
      status: 'completed',
      input: {},
      output,
      title: '',
      metadata: {},
      time: { start: 1, end: 2 },
    };
    await show(aMessage(1, entryOf({ type: 'tool', tool: 'mcp_dump', callID: 'call_1', state })));
    await shown.page.locator('.tool .disclosure-button').click();
    assert.equal((await shown.page.locator('.tool .output').last().innerText()).length < 3000, true);
    await shown.page.getByTestId('show-all').click();
    assert.equal((await shown.posted('openOutput')).partId, 'prt_1');
  });

  it('is clamped, as what a call was given, and opens whole in an editor', async () => {
    const call = (id: string, tool: string, input: Record<string, unknown>): PartEntry =>
      entryOf({
        id,
        type: 'tool',
        tool,
        callID: id,
        state: { status: 'running', input, time: { start: 1 } },
      });
    const long = 'word '.repeat(1000);
    const calls = [
      call('prt_1', 'bash', { command: long, description: 'Says much' }),
      call('prt_2', 'task', { prompt: long, description: 'Look' }),
      call('prt_3', 'write', { content: long }),
      call('prt_4', 'mcp_add', { list: [{ text: long }] }),
    ];
    await show(aMessage(1, ...calls));
    await openGroups(shown.page);
    for (const { id } of calls) {
      const part = shown.page.locator(`[data-part-id=${id}]`);
      await part.locator('.disclosure-button').click();
      await part.getByTestId('show-input').click();
      assert.equal((await shown.posted('openInput')).partId, id);
    }
  });

  it('is unfolded, as the prompt of a subtask, and loaded into the page', async () => {
    const prompt = 'word '.repeat(30_000);
    const subtask = {
      type: 'subtask',
      agent: 'explore',
      description: 'Look',
      prompt: `The task\n\n${prompt}`,
    };
    await show(aMessage(0, entryOf(subtask)));
    assert.equal(await shown.page.getByText('The task').count(), 0);
    await shown.page.getByRole('button', { name: 'Task for explore: Look' }).click();
    assert.ok(await shown.page.getByText('The task').isVisible());
    await shown.page.getByTestId('show-all').click();
    assert.equal((await shown.posted('loadPart')).partId, 'prt_1');
  });

  it('is clamped, as a message of 1 MB without a line break, and opens whole in an editor', async () => {
    await show(aMessage(1, text('a'.repeat(1_000_000))));
    await shown.page.getByTestId('show-all').click();
    assert.equal((await shown.posted('openOutput')).partId, 'prt_1');
  });

  it('is loaded into the page where the page can show it', async () => {
    await show(aMessage(1, text('word '.repeat(30_000))));
    await shown.page.getByTestId('show-all').click();
    assert.equal((await shown.posted('loadPart')).partId, 'prt_1');
    const part = aText('prt_1', 'word '.repeat(30_000));
    await shown.send({ type: 'part', sessionId: 'ses_1', messageId: 'msg_000001', part });
    assert.equal(await shown.page.getByTestId('show-all').count(), 0);
  });

  it('is clamped, as a thought of 1 MB', async () => {
    await show(
      aMessage(1, entryOf({ type: 'reasoning', text: 'hm '.repeat(350_000), time: { start: 1, end: 2 } })),
    );
    await shown.page.locator('.reasoning .disclosure-button').click();
    await shown.page.getByTestId('show-all').click();
    await shown.posted('openOutput');
  });

  it('is only partly in the document, as a message of ten thousand parts', async () => {
    const parts = Array.from({ length: 10_000 }, (_, index) =>
      aText(`prt_${String(index).padStart(5, '0')}`, String(index)),
    );
    await show(aMessage(1, ...parts));
    assert.equal(await shown.page.locator('[data-part-id=prt_09999]').count(), 1);
    assert.ok((await shown.page.locator('*').count()) < 1500);
    await shown.page.keyboard.press('Control+f');
    await shown.page.getByTestId('find-field').fill('77');
    const { token } = await shown.posted('find');
    const match = { messageId: 'msg_000001', partId: 'prt_00077', occurrence: 0 };
    await shown.send({ type: 'found', token, matches: [match] });
    assert.equal(await shown.page.locator('[data-part-id=prt_00077]').isVisible(), true);
    assert.ok((await shown.page.locator('*').count()) < 1500);
  });

  it('is clamped, as a table of 5,000 rows, and shown whole when asked for', async () => {
    await show(aMessage(1, text(`| a | b |\n|---|---|\n${'| c | d |\n'.repeat(5000)}\nThe end.`)));
    assert.ok((await shown.page.locator('*').count()) < 1500);
    assert.equal(await shown.page.locator('.table + p').innerText(), 'The end.');
    await shown.page.getByTestId('show-all').click();
    assert.equal(await shown.page.locator('tbody tr').count(), 5000);
    assert.equal(await shown.page.getByTestId('show-all').count(), 0);
  });

  it('is clamped while it grows, as a table, and goes on whole when asked for', async () => {
    const rows = (count: number): string => '| c | d |\n'.repeat(count);
    const part = { id: 'prt_1', type: 'text', text: `| a | b |\n|---|---|\n${rows(300)}` } as const;
    const grow = (): Promise<void> =>
      shown.send({
        type: 'changes',
        sessionId: 'ses_1',
        changes: [{ kind: 'append', messageId: 'msg_000001', partId: 'prt_1', text: rows(50) }],
      });
    await show(aMessage(1, part));
    await grow();
    assert.equal(await shown.page.locator('tbody tr').count(), 101);
    await shown.page.getByTestId('show-all').click();
    await grow();
    await shown.page.locator('tbody tr').nth(399).waitFor();
    assert.equal(await shown.page.locator('tbody tr').count(), 400);
  });

  it('stays in its line, as text from right to left, emoji and control characters', async () => {
    const strange = [
      'שלום עולם',
      'مرحبا',
      '👩‍👩‍👧‍👦',
      '\u202Egnirts\u202C',
      '\u0000\u0007\u001b[2J',
      'e\u0301'.repeat(99),
    ];
    await show(aMessage(0, text(strange.join(' '))), aMessage(1, text(strange.join('\n\n'))));
    assert.equal((await shown.page.locator('.message.user [dir=auto]').count()) > 0, true);
  });

  it('runs from the side that its own words ask for, whatever an answer begins with, and code from the left', async () => {
    const code = '```\nlet a = "שלום";\n```';
    await show(
      aMessage(1, text(['שלום עולם', 'Hello world', '- נקודה', code].join('\n\n'))),
      aMessage(3, text(['Hello world', 'שלום עולם', '- Point', code].join('\n\n'))),
    );
    const sides = await shown.page.locator('.markdown :is(p, li, code)').evaluateAll((blocks) =>
      blocks.map((block) => {
        const first = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode() ?? block;
        const letter = document.createRange();
        letter.setStart(first, 0);
        letter.setEnd(first, 1);
        const { left, right } = letter.getBoundingClientRect();
        const box = block.getBoundingClientRect();
        return left - box.left < box.right - right ? 'left' : 'right';
      }),
    );
    const [rightFirst, leftFirst] = [
      ['right', 'left', 'right', 'left'],
      ['left', 'right', 'left', 'left'],
    ];
    assert.deepEqual(sides, [...rightFirst, ...leftFirst]);
  });
});
