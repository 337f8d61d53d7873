import assert from 'node:assert/strict';
import type { MessageEntry } from '../../src/protocol/page/entries.ts';
import type { SessionHeader } from '../../src/protocol/page/header.ts';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

const asked = aMessage(0, aText('prt_0', 'Please explain the cart'));
const half = aMessage(1, aText('prt_1', 'A very long ans'));

function withoutEnd(message: MessageEntry): MessageEntry {
  const { completed, ...open } = message;
  assert.ok(completed !== undefined);
  return open;
}

describe('What was cut off in a transcript', () => {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });
  after(() => bench.stop());
  afterEach(() => shown.close());

  async function show(entries: MessageEntry[], header: Partial<SessionHeader> = {}): Promise<void> {
    shown = await bench.open();
    await shown.send({ type: 'show', view: aView({ header: aHeader(header), entries }) });
  }

  /** What is said of each message, by its id. */
  async function said(): Promise<Record<string, string>> {
    const notes = await shown.page.locator('.cut-off').all();
    const entries = notes.map(async (note): Promise<[string, string]> => {
      const row = note.locator('xpath=ancestor::article');
      return [(await row.getAttribute('data-message-id')) ?? '', (await note.getAttribute('data-end')) ?? ''];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  it('is said of an answer without an end in a session that works no longer, also of an empty one', async () => {
    const empty = withoutEnd(aMessage(3));
    const end = { kind: 'interrupted', messageId: empty.id, isSure: true } as const;
    await show([asked, withoutEnd(half), aMessage(2, aText('prt_2', 'Go on')), empty], { end });
    assert.deepEqual(await said(), { [half.id]: 'interrupted', [empty.id]: 'interrupted' });
    assert.match(
      (await shown.page.locator('.cut-off-words').last().textContent()) ?? '',
      /cut off: the server ended in the middle/,
    );
  });

  it('is said of an answer that says nothing, and not of one that did something', async () => {
    const step = { id: 'prt_s', type: 'step-start' } as const;
    const thought = { id: 'prt_r', type: 'reasoning', text: 'Hm.', start: 0, end: 0 } as const;
    const answers = [
      aMessage(1, step),
      aMessage(3, step, thought),
      aMessage(5, aText('prt_b', ' \n')),
      aMessage(7, aTool({ id: 'prt_t', tool: 'read', status: 'completed' })),
      aMessage(9, aText('prt_w', 'Yes')),
    ];
    const prompts = answers.map((_, index) => aMessage(2 * index, aText(`prt_p${index}`, 'Go')));
    await show(answers.flatMap((answer, index) => [prompts[index] ?? asked, answer]));
    const empty = answers.slice(0, 3).map(({ id }): [string, string] => [id, 'empty']);
    assert.deepEqual(await said(), Object.fromEntries(empty));
    await shown.page.getByText('The model ended without an answer.').first().waitFor();
    await shown.send({
      type: 'show',
      view: aView({ header: aHeader({ status: { type: 'busy' } }), entries: [asked, aMessage(1, step)] }),
    });
    assert.deepEqual(await said(), {});
  });

  it('is not said of the answer that a session works on, and is once it works no longer', async () => {
    await show([asked, withoutEnd(half)], { status: { type: 'busy' } });
    assert.deepEqual(await said(), {});
    const end = { kind: 'interrupted', messageId: half.id, isSure: true } as const;
    await shown.send({ type: 'header', header: aHeader({ end: { kind: 'unseen' } }) });
    await shown.send({ type: 'header', header: aHeader({ end }) });
    await shown.page.locator('.cut-off').waitFor();
    assert.deepEqual(await said(), { [half.id]: 'interrupted' });
    const spoken = shown.page.locator('[aria-live]').filter({ hasText: 'cut off' });
    await spoken.first().waitFor({ state: 'attached' });
    assert.equal(await shown.page.locator('[aria-live]').filter({ hasText: 'answered' }).count(), 0);
  });

  it('is not said of the answer that another process works on, and a prompt is sent and not queued', async () => {
    await show([asked, withoutEnd(half)], { status: { type: 'elsewhere' } });
    assert.deepEqual(await said(), {});
    assert.equal(await shown.page.locator('.header-status').textContent(), 'In another OpenCode process');
    await shown.page.getByRole('button', { name: 'Send', exact: true }).waitFor();
    assert.equal(await shown.page.getByRole('button', { name: 'Stop' }).isVisible(), false);
  });

  it('is not said for sure where another process may still be at it', async () => {
    await show([asked, withoutEnd(half)], {
      end: { kind: 'interrupted', messageId: half.id, isSure: false },
    });
    assert.deepEqual(await said(), { [half.id]: 'unfinished' });
  });

  it('is said of an answer that reached the output limit, and of none that another step follows', async () => {
    const cut = { ...half, finish: 'length', parentID: asked.id };
    const thought = aMessage(3, { id: 'prt_3', type: 'reasoning', text: 'Hm', start: 1, end: 2 });
    await show([asked, cut, aMessage(2, aText('prt_2', 'Think')), { ...thought, finish: 'length' }]);
    assert.deepEqual(await said(), { [cut.id]: 'length', [thought.id]: 'length' });
    await shown.close();
    const next = { ...aMessage(3, aText('prt_3', 'Done')), finish: 'stop', parentID: asked.id };
    await show([asked, cut, next]);
    assert.deepEqual(await said(), {});
  });

  it('is named by what the provider said', async () => {
    for (const [finish, end] of [
      ['content-filter', 'content-filter'],
      ['error', 'other'],
      ['stop', undefined],
      ['tool-calls', undefined],
    ] as const) {
      await show([asked, { ...half, finish }]);
      assert.deepEqual(await said(), end === undefined ? {} : { [half.id]: end }, finish);
      if (finish !== 'tool-calls') await shown.close();
    }
  });

  it('is said once where the message says already what ended it', async () => {
    const error = { name: 'ContentFilterError', message: 'Blocked.' };
    await show([asked, { ...half, finish: 'content-filter', error }]);
    assert.deepEqual(await said(), {});
    assert.equal(await shown.page.locator('.run-error').count(), 1);
  });

  it('asks the agent to go on by the composer, where it can still be changed', async () => {
    await show([asked, { ...half, finish: 'length' }]);
    await shown.page.getByTestId('go-on').click();
    assert.equal(await shown.page.locator('textarea').inputValue(), 'Go on where you stopped.');
    assert.deepEqual(await shown.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  });

  it('lets a prompt that was never answered be edited and sent again', async () => {
    const prompt = aMessage(2, aText('prt_2', 'And the lexer?'));
    await show([asked, half, prompt], { end: { kind: 'unanswered', messageId: prompt.id, isSure: true } });
    assert.deepEqual(await said(), { [prompt.id]: 'unanswered' });
    await shown.page.locator('.cut-off').getByRole('button', { name: 'Edit and Resend' }).click();
    const { command, messageId } = await shown.posted('command');
    assert.deepEqual([command, messageId], ['opencodeSessions.message.editAndResend', prompt.id]);
  });

  it('is retried by a button, as long as its prompt is the last one', async () => {
    const retry = () => shown.page.getByTestId('retry');
    const abort = { name: 'MessageAbortedError', message: 'Stopped by you' };
    const next = [aMessage(2, aText('prt_2', 'On')), aMessage(3, aText('prt_3', 'Yes'))];
    const { completed: _, finish: __, ...head } = half;
    const stopped = { ...head, completed: head.created + 1, parts: [] };
    const empty = aMessage(1, { id: 'prt_s', type: 'step-start' });
    const rows: [MessageEntry[], Partial<SessionHeader>][] = [
      [[asked], { end: { kind: 'unanswered', messageId: asked.id, isSure: true } }],
      [[asked, empty], {}],
      [[asked, { ...half, error: abort }], {}],
      [[asked, stopped], {}],
      [[asked, half], { isStopped: true }],
    ];
    for (const [entries, header] of rows) {
      await show(entries, header);
      await retry().click();
      const { command, sessionId } = await shown.posted('command');
      assert.deepEqual([command, sessionId], ['opencodeSessions.session.retry', 'ses_1']);
      await shown.send({
        type: 'show',
        view: aView({ header: aHeader(), entries: [...entries, ...next] }),
      });
      assert.equal(await retry().count(), 0);
      await shown.close();
    }
    await show([asked, half]);
    assert.equal(await retry().count(), 0);
  });

  it('is told as stopped by the person who stopped it while it waited to try again, also after a later prompt', async () => {
    const { finish: _, ...head } = half;
    const stopped = { ...head, parts: [{ id: 'prt_s', type: 'step-start' } as const] };
    await show([asked, stopped, aMessage(2, aText('prt_2', 'On')), aMessage(3, aText('prt_3', 'Yes'))]);
    assert.equal(await shown.page.getByText('Stopped by you').count(), 1);
    assert.deepEqual(await said(), {});
  });

  it('is not said of prompts that the running turn takes up later; those say so until it does', async () => {
    const waiting = () =>
      shown.page
        .getByTestId('waits-for-step')
        .locator('xpath=ancestor::article')
        .evaluateAll((rows) => rows.map(({ dataset }) => dataset['messageId']));
    const [first, second] = [
      aMessage(2, aText('prt_2', 'Shorter')),
      aMessage(4, aText('prt_4', 'In French')),
    ];
    await show([asked, withoutEnd(half), first, second], { status: { type: 'busy' } });
    assert.deepEqual(await waiting(), [first.id, second.id]);
    assert.deepEqual(await said(), {});
    const tell = (head: MessageEntry) =>
      shown.send({ type: 'changes', sessionId: 'ses_1', changes: [{ kind: 'message', head }] });
    await tell({ ...half, finish: 'tool-calls' });
    assert.deepEqual(await waiting(), [first.id, second.id]);
    await tell(withoutEnd(aMessage(5)));
    assert.deepEqual(await waiting(), []);
    await shown.close();
    await show([asked, withoutEnd(half), first, second], { status: { type: 'busy' } });
    await shown.send({ type: 'header', header: aHeader({}) });
    assert.deepEqual(await waiting(), []);
    await shown.close();
    // The first prompt of a run is taken up at once.
    await show([asked, half, first], { status: { type: 'busy' } });
    assert.deepEqual(await waiting(), []);
  });

  it('is said of a step that another one should have followed', async () => {
    const step = { ...aMessage(1, aTool({ tool: 'read' })), finish: 'tool-calls' };
    await show([asked, step], { end: { kind: 'interrupted', messageId: step.id, isSure: true } });
    assert.deepEqual(await said(), { [step.id]: 'interrupted' });
  });

  it('is no crash in a fork that was made in the middle of an answer', async () => {
    await show([asked, { ...withoutEnd(half), copied: true }]);
    assert.deepEqual(await said(), { [half.id]: 'ofSource' });
  });
});
