import assert from 'node:assert/strict';
import type { SubagentState } from '../../../src/protocol/page/header.ts';
import { aHeader, aMessage, aTool, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with tool calls', () => {
  const { shown, part } = usePage({ isUnfolded: true });

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
      'Could not fetch https://example.com No network.',
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
});
