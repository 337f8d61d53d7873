import assert from 'node:assert/strict';
import { aHeader, aMessage, anotherSession, aText, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The composer', () => {
  const { shown, composer } = usePage();

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

  it('recalls what was no command as the text that it was', async () => {
    const field = shown.page.getByLabel('Prompt', { exact: true });
    const entries = ['!important: be quick', '/srv is full'].map((text, at) =>
      aMessage(at * 2, aText(`prt_${at}`, text)),
    );
    await shown.send({ type: 'show', view: aView({ entries }) });
    for (const text of [' /srv is full', ' !important: be quick']) {
      await field.press('ArrowUp');
      assert.equal(await field.inputValue(), text);
    }
    await field.press('Enter');
    assert.equal((await shown.posted('send')).draft.text, ' !important: be quick');
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

  it('goes to the end of the prompt with Ctrl+End in it', async () => {
    await shown.send({ type: 'show', view: aView() });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await field.fill('one\ntwo');
    await field.press('Control+Home');
    await field.press('Control+End');
    assert.equal(await field.evaluate((one) => (one as HTMLTextAreaElement).selectionStart), 7);
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

  it('breaks the line with Enter and sends with Ctrl+Enter where the setting says so', async () => {
    await shown.send({ type: 'init', settings: { enterSends: false } }, { type: 'show', view: aView() });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await field.pressSequentially('one');
    await field.press('Enter');
    await field.pressSequentially('two');
    await field.press('Control+Enter');
    assert.equal((await shown.posted('send')).draft.text, 'one\ntwo');
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

  it('puts text for which nobody here asked behind what is typed, and leaves the focus where it is', async () => {
    await shown.send({ type: 'show', view: aView({ draft: { text: 'Mine' } }) });
    await composer().selectText();
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: 'Theirs', isBehind: true });
    assert.equal(await composer().inputValue(), 'Mine\n\nTheirs');
    await shown.page.keyboard.type('M');
    assert.equal(await composer().inputValue(), 'M\n\nTheirs', 'what was selected still is');
    await shown.page.getByTestId('header-title').dblclick();
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: 'More', isBehind: true });
    assert.equal(await composer().inputValue(), 'M\n\nTheirs\n\nMore');
    assert.equal(
      await shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Title of the session',
    );
  });
});
