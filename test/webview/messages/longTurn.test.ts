import assert from 'node:assert/strict';
import type { MessageEntry, PartEntry, ToolEntry } from '../../../src/protocol/page/entries.ts';
import type { SessionHeader } from '../../../src/protocol/page/header.ts';
import { aHeader, aMessage, aText, aTool, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

const busy = aHeader({ status: { type: 'busy' } });
const diff = '--- a\n+++ a\n@@ -1,1 +1,3 @@\n-old\n+one\n+two\n+three\n';

const read = (id: string, facts: Partial<ToolEntry> = {}): ToolEntry =>
  aTool({
    id,
    tool: 'read',
    input: { filePath: `/work/shop/${id}.ts` },
    output: { text: `read of ${id}` },
    ...facts,
  });
const edit = (id: string): ToolEntry =>
  aTool({
    id,
    tool: 'edit',
    input: { filePath: '/work/shop/basket.ts' },
    diff: { text: diff, files: [{ path: '/work/shop/basket.ts' }], additions: 3, deletions: 1 },
  });

/** A turn of steps from the prompt on, each a message of its own; of messages with numbers from `first` on. */
function aTurn(first: number, prompt: string, ...steps: readonly (readonly PartEntry[])[]): MessageEntry[] {
  const asked = aMessage(first, aText(`prompt_${first}`, prompt));
  const answers = steps.map((parts, at) => ({
    ...aMessage(first + 1, ...parts),
    id: `msg_${String(first).padStart(6, '0')}_${String(at).padStart(5, '0')}`,
    parentID: asked.id,
  }));
  return [asked, ...answers];
}

describe('A long turn', () => {
  const { shown, part, open } = usePage();
  const heads = () => shown.page.getByTestId('call-group');
  const tell = (messageId: string, ...parts: readonly PartEntry[]) =>
    shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: parts.map((one) => ({ kind: 'part', messageId, part: one })),
    });
  const show = (entries: readonly MessageEntry[], header: SessionHeader = aHeader()) =>
    shown.send({ type: 'show', view: aView({ entries, header }) });

  it('folds its calls to a line over messages, which a click opens and a key closes', async () => {
    await show(aTurn(0, 'Go', [read('a')], [read('b')], [read('c')], [aText('said', 'Done.')]));
    assert.equal(await shown.page.locator('.tool').count(), 0);
    assert.deepEqual(await heads().allInnerTexts(), ['Read 3 files']);
    assert.equal(await heads().getAttribute('aria-expanded'), 'false');
    await heads().click();
    assert.equal(await shown.page.locator('.tool').count(), 3);
    assert.equal(await heads().getAttribute('aria-expanded'), 'true');
    assert.equal(await heads().evaluate((head) => head === document.activeElement), true);
    assert.equal(await shown.page.locator('.jump-to-end:visible').count(), 0, 'the end is in view');
    await shown.page.keyboard.press('Enter');
    assert.equal(await shown.page.locator('.tool').count(), 0);
  });

  it('leaves its last calls open while it runs, and closes them once it says something', async () => {
    const turn = aTurn(0, 'Go', [read('a')], [read('b', { status: 'running' })]);
    await show(turn, busy);
    assert.equal(await shown.page.locator('.tool').count(), 2);
    assert.deepEqual(await heads().allInnerTexts(), ['Read 1 file, 1 call runs']);
    const messageId = turn.at(-1)?.id ?? '';
    await tell(messageId, read('b'), { id: 'c_text', type: 'text', text: 'So' });
    assert.equal(await shown.page.locator('.tool').count(), 0);
    assert.deepEqual(await heads().allInnerTexts(), ['Read 2 files']);
    await heads().click();
    await tell(messageId, read('d'));
    assert.equal(await shown.page.locator('.tool').count(), 3, 'what a person opened stays open');
  });

  it('closes nothing where somebody reads', async () => {
    await shown.page.setViewportSize({ width: 800, height: 400 });
    const calls = Array.from({ length: 60 }, (_, at) => read(`r${String(at).padStart(2, '0')}`));
    const turn = aTurn(0, 'Go', ...calls.map((call) => [call]));
    await show(turn, busy);
    await shown.page.locator('.scroller').evaluate((scroller) => scroller.scrollBy(0, -700));
    await shown.send({ type: 'connection', banner: { kind: 'live', message: '' } });
    const top = () =>
      shown.page.evaluate(() => {
        const row = document.elementFromPoint(300, 200)?.closest<HTMLElement>('[data-row-key]');
        // Half a pixel is no jump.
        return [row?.dataset['rowKey'], Math.round((row?.getBoundingClientRect().top ?? 0) / 2)];
      });
    const before = await top();
    await tell(turn.at(-1)?.id ?? '', { id: 'z_text', type: 'text', text: 'So' });
    await shown.send({ type: 'header', header: aHeader() });
    assert.deepEqual(await top(), before);
    await shown.page.keyboard.press('Control+End');
    await shown.send({ type: 'header', header: busy }, { type: 'header', header: aHeader() });
    assert.equal(await shown.page.locator('.tool').count(), 0);
  });

  it('of 2,000 calls stands in few rows, and opens without moving what was clicked', async () => {
    await shown.page.setViewportSize({ width: 800, height: 500 });
    const calls = Array.from({ length: 2000 }, (_, at) => [read(`r${String(at).padStart(4, '0')}`)]);
    await show([
      ...aTurn(0, 'Before', [aText('early', 'Word. '.repeat(900))]),
      ...aTurn(2, 'Go', ...calls, [aText('said', 'Done.')]),
    ]);
    assert.deepEqual(await heads().allInnerTexts(), ['Read 2000 files']);
    assert.ok((await shown.page.locator('[data-row-key]').count()) < 10);
    const before = await heads().boundingBox();
    await heads().click();
    assert.equal((await heads().boundingBox())?.y, before?.y);
    const count = await shown.page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(count <= 1500, `${count} elements`);
    assert.ok((await shown.page.locator('.tool').count()) > 5);
    await heads().click();
    assert.equal((await heads().boundingBox())?.y, before?.y);
    assert.equal(await shown.page.locator('.tool').count(), 0);
  });

  it('keeps a group open that grows at its beginning', async () => {
    const turn = aTurn(0, 'Go', [read('a')], [read('b')], [read('c')], [read('d')], [aText('said', 'Done.')]);
    await shown.send({ type: 'show', view: aView({ entries: turn.slice(3), hasOlder: true }) });
    await heads().click();
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: turn.slice(0, 4), hasOlder: false });
    assert.deepEqual(await heads().allInnerTexts(), ['Read 4 files']);
    assert.equal(await shown.page.locator('.tool').count(), 4);
  });

  it('opens the calls in which something is found', async () => {
    const steps = Array.from({ length: 50 }, (_, at) => [read(`r${at}`)]);
    const turn = aTurn(0, 'Go', ...steps, [aText('said', 'Done.')]);
    await show(turn);
    await shown.page.getByTestId('find').click();
    await shown.page.getByTestId('find-field').fill('read of r31');
    const { token } = await shown.posted('find');
    const match = { messageId: turn[32]?.id ?? '', partId: 'r31', occurrence: 0 };
    await shown.send({ type: 'found', token, matches: [match] });
    await part('r31').getByText('read of r31').waitFor();
  });

  it('shows its changes as lines once it is over, unless they are to stand open', async () => {
    const turn = aTurn(0, 'Go', [edit('e'), { id: 'p', type: 'patch', files: ['/work/shop/basket.ts'] }]);
    await show(turn, busy);
    assert.equal(await part('e').locator('.diff').count(), 1);
    assert.equal(await part('p').count(), 0, 'the call names the file');
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await part('e').locator('.diff:visible').count(), 0);
    assert.match(await part('e').innerText(), /basket\.ts\s+\+3\s+−1/);
    await part('e').locator('.disclosure-button').click();
    assert.equal(await part('e').locator('.diff:visible').count(), 1);
    await shown.send({ type: 'init', settings: { enterSends: true, openDiffs: true } });
    await shown.send({
      type: 'show',
      view: aView({ header: aHeader({ sessionId: 'ses_2' }), entries: turn }),
    });
    assert.equal(await shown.page.locator('.session:not(.kept) [data-part-id=e] .diff').count(), 1);
  });

  it('shows what it changed as rows once it is over, with its other calls folded around them', async () => {
    const turn = aTurn(0, 'Go', [read('a'), edit('e')], [read('b')], [edit('f'), aText('said', 'Done.')]);
    await show(turn, busy);
    await shown.send({ type: 'header', header: aHeader() });
    assert.deepEqual(await heads().allInnerTexts(), ['Read 2 files']);
    const tools = () =>
      shown.page.locator('.tool').evaluateAll((all) => all.map((one) => one.dataset['partId']));
    assert.deepEqual(await tools(), ['e', 'f']);
    assert.match(await part('e').innerText(), /basket\.ts\s+\+3\s+−1/);
    await heads().click();
    assert.deepEqual(await tools(), ['a', 'e', 'b', 'f']);
  });

  it('keeps open, once it is over, what a person opened whose first call stays in view then', async () => {
    const turn = aTurn(0, 'Go', [edit('e')], [read('a')], [read('b')], [aText('said', 'Done.')]);
    await show(turn, busy);
    await heads().click();
    assert.equal(await shown.page.locator('.tool').count(), 3);
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await shown.page.locator('.tool').count(), 3);
    assert.deepEqual(await heads().allInnerTexts(), ['Read 2 files']);
  });

  it('says in its own line why a call failed', async () => {
    const error = { text: '\u001b[31mError: No such file\u001b[0m\n  at read' };
    await show(aTurn(0, 'Go', [read('a', { status: 'error', error })]));
    assert.match(await part('a').innerText(), /Could not read\s+a\.ts\s+No such file$/);
  });

  it('sets its answer apart, and tells below it what it took, each figure leading to what it counts', async () => {
    const error = { text: 'No such file' };
    const turn = aTurn(0, 'Go', [read('a'), read('b', { status: 'error', error })], [aText('said', 'Done.')]);
    await show(turn);
    assert.equal(await part('said').evaluate((text) => text.classList.contains('answer')), true);
    await shown.page.getByTestId('turn-tokens').click();
    await shown.page.getByText('680 tokens written', { exact: false }).waitFor();
    assert.equal(await shown.page.getByTestId('turn-cost').getAttribute('aria-expanded'), 'true');
    await shown.page.getByTestId('turn-cost').click();
    assert.equal(await shown.page.locator('.turn-kinds:visible').count(), 0);
    assert.equal(await shown.page.getByTestId('turn-tokens').getAttribute('aria-expanded'), 'false');
    const failed = shown.page.getByTestId('turn-failed');
    assert.equal(await failed.innerText(), '1 failed');
    await failed.click();
    assert.equal(
      await part('b')
        .locator('.disclosure-button')
        .evaluate((head) => head === document.activeElement),
      true,
    );
    assert.equal(await part('b').getAttribute('data-status'), 'error');
  });

  it('is folded to a line and back, also with all others, and still is after a reload', async () => {
    const entries = [
      ...aTurn(0, 'Migrate the basket', [read('a')], [aText('one', '**Basket works** in cents. More.')]),
      ...aTurn(2, 'And the tests?', [aText('two', 'They pass.')]),
    ];
    await show(entries);
    const lines = shown.page.getByTestId('turn-line');
    await shown.page.getByTestId('fold-turn').first().click();
    assert.equal(
      (await lines.innerText()).replaceAll(/\s+/g, ' '),
      'Migrate the basket → Basket works in cents.',
    );
    assert.equal(await part('one').count(), 0);
    const context: unknown = JSON.parse(
      (await shown.page.locator('.turn-line').getAttribute('data-vscode-context')) ?? '',
    );
    assert.deepEqual(context, {
      webviewSection: 'turn',
      sessionId: 'ses_1',
      messageId: entries[2]?.id,
      preventDefaultContextMenuItems: true,
    });
    assert.equal(await lines.evaluate((line) => line === document.activeElement), true);
    await shown.page.keyboard.press('Enter');
    assert.equal(await part('one').count(), 1);
    await shown.send({ type: 'foldTurns', sessionId: 'ses_1', isFolded: true });
    assert.equal(await lines.count(), 2);
    await lines.last().click();
    assert.equal(await lines.count(), 1);
    const kept = await shown.page.waitForFunction(() => {
      const { state } = (globalThis as unknown as { testing: { state: unknown } }).testing;
      return JSON.stringify(state).includes('"others":["') ? state : undefined;
    });
    const state: unknown = await kept.jsonValue();
    const again = await open({ state });
    await again.send({ type: 'show', view: aView({ entries }) });
    assert.deepEqual(await again.page.locator('.turn-prompt').allInnerTexts(), ['Migrate the basket']);
    await again.send({ type: 'reveal', messageId: entries[2]?.id ?? '' });
    assert.equal(await again.page.getByTestId('turn-line').count(), 0, 'who goes there sees it');
    assert.deepEqual(again.errors, []);
    await again.close();
  });

  it('stays folded, or its changes closed, when the next prompt is sent', async () => {
    const turns = [...aTurn(0, 'Go', [aText('one', 'So.')]), ...aTurn(2, 'On', [edit('e')])];
    await show(turns);
    await shown.page.getByTestId('fold-turn').first().click();
    const next = { ...aMessage(6), id: 'msg_000006' };
    const { parts: _, ...head } = next;
    const changes = [{ kind: 'message', head } as const];
    await shown.send({ type: 'header', header: busy }, { type: 'changes', sessionId: 'ses_1', changes });
    assert.equal(await shown.page.getByTestId('turn-line').count(), 1);
    await shown.page.getByTestId('fold-turn').click();
    assert.equal(await shown.page.getByTestId('turn-line').count(), 2, 'it runs no longer');
    await shown.page.getByTestId('turn-line').last().click();
    assert.equal(await part('e').locator('.diff:visible').count(), 0);
  });

  it('folds no turn that runs', async () => {
    await show(aTurn(0, 'Go', [read('a', { status: 'running' })]), busy);
    await shown.send({ type: 'foldTurns', sessionId: 'ses_1', isFolded: true });
    assert.equal(await shown.page.getByTestId('turn-line').count(), 0);
  });

  it('tells a wait for a person as that, and counts it as no work', async () => {
    const [prompt, answer] = aTurn(0, 'Go', [
      aTool({
        id: 'a',
        tool: 'bash',
        callId: 'call_1',
        status: 'running',
        input: { command: 'rm -rf dist' },
      }),
    ]);
    assert.ok(prompt && answer);
    const { completed: _, ...open } = answer;
    await show([prompt, open], aHeader({ status: { type: 'busy' }, waiting: ['call_1'] }));
    const status = shown.page.locator('.header-status');
    assert.equal(await status.innerText(), 'Waits for you');
    assert.equal(await part('a').locator('.codicon-shield').count(), 1);
    assert.equal(await shown.page.locator('.spin').count(), 0);
    assert.match(await part('a').innerText(), /^Wants to run\s+rm -rf dist/);
    const end = answer.created + 100_000;
    const call = aTool({ id: 'a', tool: 'bash', callId: 'call_1', input: { command: 'rm -rf dist' } });
    const done = { ...call, start: answer.created, end };
    const waits = [{ from: answer.created + 1000, to: answer.created + 61_000, callId: 'call_1' }];
    await shown.send(
      { type: 'header', header: aHeader({ waits }) },
      {
        type: 'changes',
        sessionId: 'ses_1',
        changes: [
          { kind: 'part', messageId: answer.id, part: done },
          { kind: 'message', head: { ...open, completed: end } },
        ],
      },
    );
    assert.match(await part('a').innerText(), /^Ran\s+rm -rf dist\s+40 s/);
    const start = shown.page.getByTestId('turn-start');
    assert.match((await start.getAttribute('title')) ?? '', /\+ waited 1 min 0 s/);
    const asked = answer.created + 1000;
    const unseen = { from: asked, to: asked, callId: 'call_1', isLeast: true } as const;
    await shown.send({ type: 'header', header: aHeader({ waits: [unseen] }) });
    await part('a').getByText('≤ 1 min 40 s').waitFor();
    assert.match(await start.innerText(), /^≤ 2 min 40 s/);
    assert.match((await start.getAttribute('title')) ?? '', /\+ waited, nobody saw how long/);
  });

  it('says above it what is done, and for how long', async () => {
    const [prompt, answer] = aTurn(0, 'Go', [read('a', { status: 'running' })]);
    assert.ok(prompt && answer);
    const { completed: _, ...open } = { ...answer, created: Date.now() };
    const status = shown.page.locator('.header-status');
    await show(
      [
        { ...prompt, created: Date.now() - 72_000 },
        { ...open, parts: [] },
      ],
      busy,
    );
    await status.getByText(/^Waiting for echo · 1:1\d$/).waitFor();
    await tell(answer.id, read('a', { status: 'running' }));
    await status.getByText(/^Working · 1:1\d · reading a\.ts$/).waitFor();
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await status.innerText(), '');
  });

  it('says that a person stopped it', async () => {
    await show(aTurn(0, 'Go', [read('a')]), aHeader({ isStopped: true }));
    await shown.page.getByText('Stopped by you').waitFor();
  });

  it('tells a command of a person as theirs', async () => {
    const note = { ...aText('note', 'The following tool was executed by the user'), synthetic: true };
    const ls = aTool({ id: 'ls', tool: 'bash', input: { command: 'ls' }, output: { text: 'basket.ts' } });
    await show([aMessage(0, { ...note, isOwnCommand: true } as PartEntry), aMessage(1, ls)]);
    assert.match(await part('ls').innerText(), /^You ran\s+ls/);
    assert.equal(await shown.page.getByText('Context added').count(), 0);
    assert.equal(await shown.page.locator('.message-heading .agent').count(), 0);
  });
});
