import assert from 'node:assert/strict';
import { aHeader, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer and what it lets choose', () => {
  const { shown, composer } = usePage();

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

  it('has its height and its buttons in their places before what can be chosen has come', async () => {
    const agents = ['build', 'plan'].map((name) => ({ name, description: '' }));
    const models = [{ ...model, modelID: 'echo', name: 'Echo with a long name' }];
    for (const width of [1000, 500, 300]) {
      await shown.page.setViewportSize({ width, height: 700 });
      const sessionId = `ses_w${width}`;
      await shown.send({ type: 'show', view: aView({ header: aHeader({ sessionId }) }) });
      const box = shown.page.locator('.composer-box');
      const places = async () => [
        await box.boundingBox(),
        (await shown.page.getByTestId('send').boundingBox())?.y,
        (await shown.page.getByTestId('agent-picker').boundingBox())?.y,
      ];
      const before = await places();
      assert.equal(await shown.page.getByTestId('agent-picker').innerText(), 'build');
      assert.match(await shown.page.getByTestId('model-picker').innerText(), /echo/i);
      await shown.send({ type: 'choices', choices: { ...none, agents, models } });
      assert.deepEqual(await places(), before, `${width} pixels`);
    }
  });

  it('opens a list that was asked for before it had come, with the keys in it', async () => {
    const agents = ['build', 'plan'].map((name) => ({ name, description: '' }));
    await shown.send({ type: 'show', view: aView() }, { type: 'pick', sessionId: 'ses_1', what: 'agent' });
    assert.equal(await shown.page.locator('.picker-popup:visible').count(), 0);
    await shown.send({ type: 'choices', choices: { ...none, agents } });
    await shown.page.keyboard.type('plan');
    await shown.page.keyboard.press('Enter');
    assert.equal(await shown.page.getByTestId('agent-picker').innerText(), 'plan');
  });

  it('leads from a list that a command opened to the prompt, and from one that its button opened to that', async () => {
    const agents = ['build', 'plan'].map((name) => ({ name, description: '' }));
    await shown.send({ type: 'show', view: aView() }, { type: 'choices', choices: { ...none, agents } });
    const pick = { type: 'pick', sessionId: 'ses_1', what: 'agent' } as const;
    const { keyboard } = shown.page;
    await composer().fill('Look');
    await shown.send(pick);
    await keyboard.type('plan');
    await keyboard.press('Enter');
    await keyboard.type(' twice');
    await shown.send(pick);
    await keyboard.press('Escape');
    const picker = shown.page.getByTestId('agent-picker');
    await picker.focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('Escape');
    assert.ok(await picker.evaluate((button) => button === document.activeElement));
    await shown.send(pick);
    await keyboard.press('Escape');
    await keyboard.press('Enter');
    const { draft } = await shown.posted('send');
    assert.deepEqual([draft.text, draft.agent], ['Look twice', 'plan']);
  });

  it('asks again for what can be chosen where it could not be loaded', async () => {
    await shown.send({ type: 'show', view: aView() });
    await shown.page.getByTestId('composer').locator('textarea').first().focus();
    assert.equal((await shown.posted('choices')).sessionId, 'ses_1');
  });

  const connect = { title: 'Connect a Provider…', command: 'opencodeSessions.provider.connect' };
  const ran = { type: 'command', command: connect.command, sessionId: 'ses_1' };
  const model = { providerID: 'local', provider: 'Local', variants: [], contextLimit: 200_000 };
  const none = { agents: [], models: [], commands: [] };

  it('shows models by provider, those used last first, with what each can do, and marks the one that answers', async () => {
    const price = { input: 3, output: 15 };
    const far = { ...model, providerID: 'far', provider: 'Far Away' };
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...(index % 2 === 0 ? model : far),
      modelID: `m${index}`,
      name: `Model ${index}`,
    }));
    const models = [
      { ...far, modelID: 'think', name: 'Think', isRecent: true, reasons: true, seesImages: true, price },
      { ...model, modelID: 'echo', name: 'Echo', isRecent: true, callsTools: false },
      ...many,
    ];
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { ...none, models, connect } },
    );
    await shown.page.getByTestId('model-picker').click();
    const groups = shown.page.getByRole('group');
    const named = () => groups.evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));
    assert.deepEqual(await named(), ['Recently Used', 'Local', 'Far Away']);
    assert.deepEqual(await groups.first().getByRole('option').allInnerTexts(), [
      'Think\nFar Away · 200k tokens · reasons · sees images · $3 in, $15 out',
      'Echo\nLocal · 200k tokens · no tools',
    ]);
    const current = shown.page.getByRole('option', { selected: true });
    assert.equal(await current.locator('.option-label').innerText(), 'Echo');
    assert.equal(await current.locator('.codicon-check').count(), 1);
    const last = await shown.page.getByRole('option', { name: 'Model 199' }).elementHandle();
    await shown.page.keyboard.type('far 199');
    assert.deepEqual(await shown.page.getByRole('option').locator('.option-label').allInnerTexts(), [
      'Model 199',
      connect.title,
    ]);
    assert.equal(await last?.isVisible(), true, 'no row is made anew by a key');
    assert.deepEqual(
      await groups.filter({ visible: true }).evaluateAll((all) => all.map((one) => one.ariaLabel)),
      ['Far Away'],
    );
    await shown.page.keyboard.press('Enter');
    await shown.page.getByTestId('composer').locator('textarea').first().fill('Go');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual((await shown.posted('send')).draft.model, { providerID: 'far', modelID: 'm199' });
  });

  it('offers to connect a provider below the models, whatever is looked for', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `echo-${index}`);
    const models = names.map((name) => ({ ...model, modelID: name, name }));
    await shown.page.setViewportSize({ width: 300, height: 600 });
    await shown.send(
      {
        type: 'show',
        view: aView({ header: aHeader({ model: { providerID: 'local', modelID: 'echo-39' } }) }),
      },
      { type: 'choices', choices: { ...none, models, connect } },
    );
    const picker = shown.page.getByTestId('model-picker');
    const options = shown.page.getByRole('option');
    const last = shown.page.locator('.picker-option.apart');
    await picker.click();
    assert.equal(await options.last().innerText(), connect.title);
    const isClear = await shown.page.locator('.picker-option.active').evaluate((option) => {
      const { left, bottom } = option.getBoundingClientRect();
      return option.contains(document.elementFromPoint(left + 20, bottom - 6));
    });
    assert.ok(isClear, 'what is selected does not lie below it');
    await shown.page.keyboard.type('echo-7');
    assert.deepEqual(await options.allInnerTexts(), ['echo-7\n200k tokens', connect.title]);
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual(await shown.posted('command'), ran);
    assert.equal(await picker.innerText(), 'echo-39', 'nothing was picked');
    await picker.click();
    await shown.page.keyboard.type('nothing');
    assert.ok(await shown.page.locator('.picker-popup:visible .picker-none').isVisible());
    await last.click();
    assert.deepEqual(await shown.posted('command'), ran);
  });

  it('says that there is no model, with what helps, until there is one', async () => {
    const message = 'OpenCode has <b>no</b> model yet.';
    const noModel = { message, action: connect };
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { ...none, connect, noModel } },
    );
    const notice = shown.page.getByTestId('model-notice');
    assert.equal(await notice.locator('span', { hasText: 'OpenCode' }).innerText(), message);
    await notice.getByRole('button', { name: connect.title }).press('Enter');
    assert.deepEqual(await shown.posted('command'), ran);
    await shown.page.getByTestId('model-picker').click();
    await shown.page.getByRole('option', { name: connect.title }).click();
    assert.deepEqual(await shown.posted('command'), ran);
    await notice.getByRole('button').focus();
    await shown.send({
      type: 'choices',
      choices: { ...none, models: [{ ...model, modelID: 'echo', name: 'Echo' }], connect },
    });
    assert.equal(await notice.isVisible(), false);
    assert.equal(
      await shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Prompt',
    );
  });

  it('says that it is not known what there is, and asks again, also of the commands alone', async () => {
    const failure = 'OpenCode did not say which agents and models there are. No answer.';
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { ...none, connect, failure } },
    );
    const notice = shown.page.getByTestId('model-notice');
    assert.equal(await notice.locator('span', { hasText: 'OpenCode' }).innerText(), failure);
    const picker = shown.page.getByTestId('agent-picker');
    assert.deepEqual([await picker.isVisible(), await picker.isDisabled()], [true, true]);
    await notice.getByRole('button', { name: 'Try Again' }).click();
    assert.equal((await shown.posted('choices')).sessionId, 'ses_1');
    await shown.send({
      type: 'choices',
      choices: { ...none, models: [{ ...model, modelID: 'echo', name: 'Echo' }], connect },
    });
    assert.equal(await notice.isVisible(), false);
  });

  it('says what is to be known of a model before a prompt goes to it, and leads to the others', async () => {
    const [free, other] = ['free', 'other'].map((modelID) => ({ ...model, modelID, name: modelID }));
    assert.ok(free && other);
    const choices = { ...none, connect, models: [{ ...free, note: 'Prompts go <b>out</b>.' }, other] };
    const header = aHeader({ model: { providerID: free.providerID, modelID: 'free' } });
    await shown.send({ type: 'show', view: aView({ header }) }, { type: 'choices', choices });
    const notice = shown.page.getByTestId('model-notice');
    assert.equal(await notice.locator('span', { hasText: 'Prompts' }).innerText(), 'Prompts go <b>out</b>.');
    await notice.getByRole('button', { name: 'Switch Model…' }).press('Enter');
    await shown.page.getByRole('option', { name: 'other' }).click();
    assert.equal(await notice.isVisible(), false);
  });

  it('offers beside why a prompt was not sent what helps, and says so once', async () => {
    const noModel = { message: 'There is no model.', action: connect };
    await shown.page.setViewportSize({ width: 300, height: 600 });
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { ...none, connect, noModel } },
      { type: 'unsent', sessionId: 'ses_1', draft: { text: 'Go' }, problem: 'No model.', action: connect },
    );
    const problem = shown.page.getByTestId('composer-problem');
    assert.match(await problem.innerText(), /^No model\.\s*Connect a Provider…$/);
    assert.equal(await shown.page.getByTestId('model-notice').isVisible(), false);
    await problem.getByRole('button').click();
    assert.deepEqual(await shown.posted('command'), ran);
    await shown.send({ type: 'unsent', sessionId: 'ses_1', draft: { text: 'Go' }, problem: 'Not sent.' });
    assert.equal(await problem.innerText(), 'Not sent.');
    assert.equal(await shown.page.getByTestId('model-notice').isVisible(), true);
  });
});
