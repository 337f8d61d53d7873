import assert from 'node:assert/strict';
import type { EntryChange, MessageEntry } from '../../../src/protocol/page/entries.ts';
import { aHeader, aMessage, aText, aTool, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with messages', () => {
  const { shown, part } = usePage();

  it('opens the whole of an error of which only some is told', async () => {
    const retry = {
      id: 'prt_1',
      type: 'retry',
      attempt: 1,
      message: 'a…',
      clamped: 90_000,
      created: 0,
    } as const;
    const message = `<html> ${'word '.repeat(800)}… Send the prompt again in a while.`;
    const failed = { ...aMessage(1, retry), error: { name: 'APIError', message, clamped: 90_000 } };
    await shown.send({ type: 'show', view: aView({ entries: [failed] }) });
    await shown.page.locator('.run-error').getByTestId('show-all').click();
    assert.equal((await shown.posted('openError')).messageId, failed.id);
    await part('prt_1').getByTestId('show-all').click();
    assert.equal((await shown.posted('openOutput')).partId, 'prt_1');
  });

  it('leaves the Copy of the editor in the menu where something of the message is selected', async () => {
    const entries = [aMessage(0, aText('prt_0', 'One')), aMessage(1, aText('prt_1', 'Two'))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const menuOf = async (partId: string): Promise<unknown> => {
      await part(partId).click({ button: 'right' });
      const told = part(partId).locator('xpath=ancestor::*[@data-vscode-context][1]');
      const context = JSON.parse((await told.getAttribute('data-vscode-context')) ?? '{}') as object;
      return 'preventDefaultContextMenuItems' in context && context.preventDefaultContextMenuItems;
    };
    assert.equal(await menuOf('prt_1'), true);
    await part('prt_1').selectText();
    assert.deepEqual([await menuOf('prt_1'), await menuOf('prt_0')], [false, true]);
  });

  it('copies nothing that nobody sees', async () => {
    const steps = [
      { id: 'prt_0', type: 'step-start' },
      { id: 'prt_2', type: 'step-finish', reason: 'stop', cost: 0 },
    ] as const;
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, steps[0], aText('prt_1', 'Seen'), steps[1])] }),
    });
    const copied = await shown.page.evaluate(() => {
      getSelection()?.selectAllChildren(document.querySelector('.message') ?? document.body);
      return String(getSelection());
    });
    assert.match(copied, /Seen/);
    assert.doesNotMatch(copied, /Step/);
  });

  it('offers what may be done about an error, the likeliest first, also by keyboard', async () => {
    const remedies = ['Sign In…', 'Other Model…', 'Retry'].map((title) => ({
      title,
      command: `do.${title}`,
    }));
    const failed = {
      ...aMessage(1),
      error: { name: 'ProviderAuthError', message: '<b>No key</b>', remedies },
    };
    const lastError = 'No key';
    const header = aHeader({ lastError, lastRemedies: remedies });
    await shown.send({ type: 'show', view: aView({ header, entries: [aMessage(0), failed] }) });
    const card = shown.page.getByRole('group', { name: 'Error' });
    assert.equal(await card.count(), 1, 'the message says it already');
    const buttons = card.getByRole('button');
    assert.deepEqual(await buttons.allInnerTexts(), ['Sign In…', 'Other Model…', 'Retry']);
    assert.deepEqual(await card.locator('.primary').allInnerTexts(), ['Sign In…']);
    await buttons.first().focus();
    await shown.page.keyboard.press('ArrowRight');
    await shown.page.keyboard.press('Enter');
    const about = { type: 'remedy', sessionId: 'ses_1', messageId: failed.id } as const;
    assert.deepEqual(await shown.posted('remedy'), { ...about, command: 'do.Other Model…' });
    await shown.send({ type: 'header', header: aHeader({ status: { type: 'busy' } }) });
    await shown.page.keyboard.press('Enter');
    assert.deepEqual(await shown.posted('remedy'), { ...about, command: 'do.Other Model…' }, 'still focused');
  });

  it('says below the last message what ended the run, where no message does, and what helps', async () => {
    const lastRemedies = [{ title: 'Other Model…', command: 'opencodeSessions.session.retryWithModel' }];
    const header = aHeader({ lastError: 'There is no such model.', lastRemedies });
    const entries = [aMessage(0, aText('prt_0', 'Go')), aMessage(1), aMessage(2, aText('prt_2', 'Again'))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const card = shown.page.locator('.run-error');
    assert.equal(await card.count(), 0);
    await shown.send({ type: 'header', header });
    assert.equal(await card.locator('.run-error-words').innerText(), 'There is no such model.');
    assert.equal(await card.locator('xpath=ancestor::article').getAttribute('data-message-id'), 'msg_000002');
    await card.getByRole('button', { name: 'Other Model…' }).press('Enter');
    const { command } = lastRemedies[0] ?? {};
    assert.deepEqual(await shown.posted('remedy'), { type: 'remedy', sessionId: 'ses_1', command });
    await shown.send({ type: 'header', header: { ...header, status: { type: 'busy' } } });
    assert.equal(await card.count(), 0);
  });

  it('makes links of the addresses that an error names', async () => {
    const error = { name: 'APIError', message: 'No credit. See https://example.org/billing.' };
    await shown.send({ type: 'show', view: aView({ entries: [{ ...aMessage(1), error }] }) });
    await shown.page.locator('.run-error').getByRole('link').click();
    assert.equal((await shown.posted('openLink')).url, 'https://example.org/billing');
    assert.equal(await shown.page.locator('.run-error-words').innerText(), error.message);
  });

  it('makes a link of the id of a session that stands as code, and of no other word', async () => {
    const id = 'ses_52f1a0b3cffeXk2mPq9sT4uVwz';
    const text = aText('prt_1', `Previous: \`${id}\`, \`ses_x\`, \`a ${id}\`, ${id}`);
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, text)] }) });
    const link = shown.page.locator('[data-part-id=prt_1]').getByRole('link');
    assert.equal(await link.count(), 1);
    await link.click();
    assert.equal((await shown.posted('openSession')).sessionId, id);
  });

  it('takes back what a part has no more, and lets it grow from there', async () => {
    const text = (value: string) => ({ id: 'prt_1', type: 'text', text: value }) as const;
    const call = (output: string) =>
      aTool({ id: 'prt_2', tool: 'bash', status: 'running', output: { text: output } });
    const messageId = aMessage(1).id;
    const change = (changes: readonly EntryChange[]) =>
      shown.send({ type: 'changes', sessionId: 'ses_1', changes });
    const whole = text('A list:\n\n- one\n- two\n\n```ts\nlet a = 1;\n');
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, whole, call('one\ntwo'))] }) });
    await shown.page.getByText('let a = 1;').waitFor();
    await change([
      { kind: 'part', messageId, part: text('A list:\n\n- on') },
      { kind: 'part', messageId, part: call('one') },
      { kind: 'append', messageId, partId: 'prt_1', text: 'ly' },
    ]);
    await part('prt_1').locator('li', { hasText: 'only' }).waitFor();
    assert.equal(await part('prt_1').innerText(), 'A list:\n\nonly');
    assert.equal(await part('prt_2').getByText('two').count(), 0);
  });

  it('passes over changes of what it does not know, twice told and late', async () => {
    const known = aMessage(1, aText('prt_1', 'Here'));
    await shown.send({ type: 'show', view: aView({ entries: [known] }) });
    const late = aMessage(0, aText('prt_0', 'Earlier'));
    const { parts, ...head } = late;
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        { kind: 'append', messageId: 'msg_unknown', partId: 'prt_9', text: 'x' },
        { kind: 'message', head },
        { kind: 'message', head },
        ...parts.map((one) => ({ kind: 'part', messageId: late.id, part: one }) as const),
        { kind: 'part', messageId: known.id, part: aText('prt_1', 'He') },
        { kind: 'partRemoved', messageId: known.id, partId: 'prt_9' },
      ],
    });
    const texts = await shown.page.locator('[data-part-type=text]').allInnerTexts();
    assert.deepEqual(
      texts.map((text) => text.trim()),
      ['Earlier', 'He'],
    );
  });

  it('forks at a message, and renames in place', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const first = shown.page.locator('[data-message-id]').first();
    await first.hover();
    await first.getByTestId('fork').click();
    const { command, messageId } = await shown.posted('command');
    assert.deepEqual([command, messageId], ['opencodeSessions.session.fork', 'msg_000000']);
    await shown.page.getByTestId('header-title').dblclick();
    await shown.page.keyboard.type('A better name');
    await shown.page.keyboard.press('Enter');
    const rename = await shown.posted('command');
    assert.deepEqual([rename.command, rename.title], ['opencodeSessions.session.rename', 'A better name']);
  });

  it('renames the whole title, of which the header shows less, and not where it is left as it is', async () => {
    const view = sampleSession();
    const titleToEdit = `Read \u202etxt.exe ${'number '.repeat(60)}and strings`;
    await shown.send({ type: 'show', view: { ...view, header: { ...view.header, titleToEdit } } });
    const title = shown.page.getByTestId('header-title');
    const before = await title.innerText();
    await title.dblclick();
    assert.equal(await title.locator('input').inputValue(), titleToEdit);
    await shown.page.keyboard.press('Enter');
    assert.equal(await title.innerText(), before);
    await title.dblclick();
    await shown.page.keyboard.press('End');
    await shown.page.keyboard.type(' too');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.posted('command')).title, `${titleToEdit} too`);
  });

  it('offers each action of a message, undoing a revert on what was taken back', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const runs = async (messageId: string, action: string): Promise<unknown> => {
      const row = shown.page.locator(`[data-message-id=${messageId}]`);
      await row.hover();
      await row.getByTestId(action).click();
      const { type: _, ...asked } = await shown.posted('command');
      return asked;
    };
    const on = (messageId: string, command: string) => ({
      command: `opencodeSessions.${command}`,
      sessionId: 'ses_1',
      messageId,
    });
    const [prompt, answer, reverted] = ['msg_000004', 'msg_000005', 'msg_000006'];
    assert.deepEqual(await runs(prompt, 'revert'), on(prompt, 'message.revert'));
    assert.deepEqual(await runs(prompt, 'edit-and-resend'), on(prompt, 'message.editAndResend'));
    assert.deepEqual(await runs(answer, 'fork'), on(answer, 'session.fork'));
    assert.deepEqual(await runs(answer, 'relay'), on(answer, 'session.relay'));
    assert.deepEqual(await runs(answer, 'hand-off'), on(answer, 'session.handOff'));
    assert.deepEqual(await runs(answer, 'copy-link'), on(answer, 'message.copyLink'));
    assert.deepEqual(await runs(prompt, 'copy-message'), on(prompt, 'message.copy'));
    assert.deepEqual(await runs(reverted, 'undo-revert'), on(reverted, 'session.unrevert'));
    assert.equal(await shown.page.locator('.message:not(.reverted) .if-reverted:visible').count(), 0);
    assert.equal((await shown.page.locator('.message.user .if-reverted').count()) > 0, true);
  });

  it('folds away what the attempts before the last one wrote, and shows it when asked', async () => {
    const start = (id: string) => ({ id, type: 'step-start' }) as const;
    const parts = [1, 2, 3].flatMap((attempt) => [
      start(`prt_${attempt}a`),
      aText(`prt_${attempt}b`, `Half an ${attempt}`),
    ]);
    const finish = { id: 'prt_4', type: 'step-finish', reason: 'stop', cost: 0 } as const;
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...parts, finish)] }) });
    assert.deepEqual(
      await shown.page
        .getByText(/^Half an \d$/)
        .filter({ visible: true })
        .allTextContents(),
      ['Half an 3'],
    );
    const button = shown.page.getByRole('button', { name: '2 earlier attempts' });
    await button.click();
    await part('prt_1b').getByText('Half an 1').waitFor();
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    await button.click();
    await part('prt_1b').waitFor({ state: 'hidden' });
    const calls = Array.from({ length: 60 }, (_, index) => aTool({ id: `prt_5${index}`, tool: 'read' }));
    const far = [
      start('prt_1'),
      aText('prt_2', 'Half an end'),
      ...calls,
      start('prt_3'),
      aText('prt_4', 'End'),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...far)] }) });
    await shown.page.getByRole('button', { name: '1 earlier attempt' }).waitFor();
    assert.equal(await part('prt_2').isVisible(), false, 'also where another row shows the last one');
    const steps = [
      start('prt_1'),
      aText('prt_2', 'One'),
      { ...finish, id: 'prt_3' },
      start('prt_5'),
      aText('prt_6', 'Two'),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...steps)] }) });
    assert.equal(await part('prt_2').getByText('One').isVisible(), true);
    assert.equal(await shown.page.getByTestId('attempts').count(), 0);
  });

  it('offers to copy a message as soon as there is something to copy', async () => {
    const ignored = { ...aText('prt_2', 'A note'), ignored: true } as const;
    const entry = aMessage(1, aTool({ id: 'prt_1', tool: 'read' }), ignored, aText('prt_3', ''));
    await shown.send({ type: 'show', view: aView({ entries: [entry] }) });
    const row = shown.page.locator(`[data-message-id=${entry.id}]`);
    await row.hover();
    assert.equal(await row.getByTestId('more').isVisible(), true);
    assert.equal(await row.getByTestId('copy-message').isVisible(), false);
    const grown = { kind: 'append', messageId: entry.id, partId: 'prt_3', text: 'Done.' } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [grown] });
    assert.equal(await row.getByTestId('copy-message').isVisible(), true);
  });

  it('leaves an error the whole width beside its icon where there is no room for what helps', async () => {
    await shown.page.setViewportSize({ width: 300, height: 700 });
    const remedies = ['Compact…', 'Hand Off…'].map((title) => ({ title, command: title }));
    const message = 'The session no longer fits into the context.';
    const error = { name: 'ContextOverflowError', message, remedies };
    await shown.send({ type: 'show', view: aView({ entries: [{ ...aMessage(1), error }] }) });
    assert.equal(await shown.page.locator('.run-error').getByRole('button').count(), 2);
    const words = await shown.page.locator('.run-error-words').boundingBox();
    assert.ok((words?.width ?? 0) > 200, `${words?.width} px`);
  });

  it('keeps a long error in a box that scrolls, and the verb of a call beside a long path', async () => {
    await shown.page.setViewportSize({ width: 300, height: 700 });
    const error = { name: 'APIError', message: '<html>502 Bad Gateway '.repeat(2000) };
    const filePath = `/work/shop/${'folder/'.repeat(12)}cart.test.ts`;
    const read = aTool({ tool: 'read', input: { filePath } });
    await shown.send({ type: 'show', view: aView({ entries: [{ ...aMessage(1, read), error }] }) });
    const words = shown.page.locator('.run-error-words');
    assert.ok(((await words.boundingBox())?.height ?? 0) < 500);
    await words.focus();
    await shown.page.keyboard.press('End');
    await shown.page.waitForFunction(() => (document.querySelector('.run-error-words')?.scrollTop ?? 0) > 0);
    const verb = await shown.page.locator('.tool-verb').boundingBox();
    const link = await shown.page.locator('.tool .file-link').boundingBox();
    assert.ok((verb?.x ?? 0) + (verb?.width ?? 0) <= (link?.x ?? 0), 'they do not overlap');
  });

  it('tells what a turn took only where all of it is here', async () => {
    const [prompt, first, last] = [aMessage(0, aText('prt_0', 'Go')), aMessage(1), aMessage(3)];
    await shown.send({ type: 'show', view: aView({ entries: [last], hasOlder: true }) });
    const figures = shown.page.locator('.message .figures');
    assert.equal(await figures.count(), 0);
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: [prompt, first, last],
      hasOlder: false,
    });
    assert.match(await figures.innerText(), /^3 min 12 s · 680 tokens · \$0\.02$/);
    const told = await figures.getAttribute('title');
    assert.deepEqual(told?.split('\n').slice(1), ['2.4k tokens read', '680 tokens written']);
    const tokens = { input: 100, output: 20, reasoning: 1500, cached: 12_000 };
    await shown.send({ type: 'show', view: aView({ entries: [prompt, { ...first, tokens }] }) });
    assert.deepEqual((await figures.getAttribute('title'))?.split('\n').slice(1), [
      '100 tokens read',
      '12k tokens of the cache',
      '1.5k tokens of thought',
      '20 tokens written',
    ]);
  });

  it('tells below an answer what its turn changed, and shows that', async () => {
    const changes = { files: 1, additions: 62, deletions: 4 };
    const asked = { ...aMessage(0, aText('prt_0', 'Go')), changes };
    const next = aMessage(2, aText('prt_2', 'And now?'));
    const entries = [asked, aMessage(1), next, aMessage(3)];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const link = shown.page.getByTestId('turn-changes');
    assert.deepEqual((await link.innerText()).split(/\s+/), ['1', 'file', '+62', '−4']);
    assert.equal(await link.getAttribute('aria-label'), 'Show Changes: 1 file, +62 −4 lines');
    await link.press('Enter');
    const about = { type: 'showChanges', sessionId: 'ses_1' } as const;
    assert.deepEqual(await shown.posted('showChanges'), { ...about, messageId: asked.id });
    const tell = (head: EntryChange & { readonly kind: 'message' }) =>
      shown.send({ type: 'changes', sessionId: 'ses_1', changes: [head] });
    await tell({ kind: 'message', head: { ...next, changes: { ...changes, files: 2 } } });
    assert.equal(await link.count(), 2);
    await link.last().click();
    assert.deepEqual(await shown.posted('showChanges'), { ...about, messageId: next.id });
    await tell({ kind: 'message', head: { ...next, changes: { files: 0, additions: 0, deletions: 0 } } });
    assert.equal(await link.count(), 1);
  });

  it('tells as the agent told it what a turn changed where nothing else says so', async () => {
    const edit = (number: number, path: string) =>
      aTool({
        id: `prt_e${number}`,
        tool: 'edit',
        input: { filePath: path },
        diff: { text: '', files: [{ path }], additions: 3, deletions: 1 },
      });
    const failed = aTool({ id: 'prt_f', tool: 'edit', input: { filePath: 'c.ts' }, status: 'error' });
    const calls = [edit(1, 'a.ts'), edit(2, 'a.ts'), edit(3, 'b.ts'), failed];
    const asked = aMessage(0, aText('prt_0', 'Go'));
    const link = shown.page.getByTestId('turn-changes');
    await shown.send({ type: 'show', view: aView({ entries: [asked, aMessage(1, ...calls)] }) });
    assert.deepEqual((await link.innerText()).split(/\s+/), ['2', 'files', '+9', '−3']);
    assert.match((await link.getAttribute('aria-label')) ?? '', /as the agent told: there is no snapshot/);
    await link.click();
    assert.equal((await shown.posted('showChanges')).messageId, asked.id);
    // Where the server looks for itself, what it found no change in was changed back.
    const patch = { id: 'prt_p', type: 'patch', files: ['a.ts'] } as const;
    await shown.send({ type: 'show', view: aView({ entries: [asked, aMessage(1, ...calls, patch)] }) });
    assert.equal(await link.count(), 0);
  });

  it('tells what a turn took once the session has settled, not between the steps of the turn', async () => {
    const [prompt, step] = [aMessage(0, aText('prt_0', 'Go')), { ...aMessage(1), finish: 'tool-calls' }];
    const header = aHeader({ status: { type: 'busy' } });
    await shown.send({ type: 'show', view: aView({ header, entries: [prompt, step] }) });
    const figures = shown.page.locator('.message .figures');
    assert.equal(await figures.count(), 0);
    const next = { kind: 'message', head: { ...aMessage(3), finish: 'stop' } } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [next] });
    assert.equal(await figures.count(), 0);
    await shown.send({ type: 'header', header: aHeader() });
    assert.deepEqual(await figures.allInnerTexts(), ['3 min 12 s · 680 tokens · $0.02']);
    const after = { kind: 'message', head: aMessage(4) } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [after] }, { type: 'header', header });
    assert.equal(await figures.count(), 1);
  });

  it('announces a settled turn once, not its tokens', async () => {
    const streaming = aMessage(1, { id: 'prt_1', type: 'text', text: 'Hel' });
    await shown.send({
      type: 'show',
      view: aView({ header: aHeader({ status: { type: 'busy' } }), entries: [streaming] }),
    });
    const append = { kind: 'append', messageId: streaming.id, partId: 'prt_1', text: 'lo' } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [append] });
    const live = shown.page.locator('[aria-live=polite]');
    assert.equal(await live.textContent(), '');
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await live.textContent(), 'build answered: Hello');
  });

  it('announces of a turn without words what it ended with', async () => {
    const live = shown.page.locator('[aria-live=polite]');
    const settle = async (entry: MessageEntry): Promise<string | null> => {
      const busy = aHeader({ status: { type: 'busy' } });
      await shown.send({ type: 'show', view: aView({ header: busy, entries: [entry] }) });
      await shown.send({ type: 'header', header: aHeader() });
      return live.textContent();
    };
    const call = aTool({ tool: 'bash', input: { command: 'npm test' }, exitCode: 1 });
    assert.equal(await settle(aMessage(1, call)), 'Done: Ran npm test exit code 1');
    assert.equal(await settle(aMessage(3)), 'build ended without an answer.');
  });

  it('shows an unchanged row again without making it anew when a call goes on', async () => {
    const running = aTool({ id: 'prt_1', tool: 'bash', status: 'running', input: { command: 'ls' } });
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, running, aText('prt_2', 'Text'))] }),
    });
    const text = await part('prt_2').elementHandle();
    const done = { ...running, status: 'completed', output: { text: 'a.ts' }, exitCode: 0 } as const;
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [{ kind: 'part', messageId: 'msg_000001', part: done }],
    });
    assert.match(await part('prt_1').innerText(), /Ran/);
    assert.equal(await text?.evaluate((node) => node.isConnected), true);
  });
});
