import assert from 'node:assert/strict';
import type { CDPSession, Locator } from 'playwright-core';
import { aHeader, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('An input method', () => {
  const { shown, composer } = usePage();

  let browser: CDPSession;

  beforeEach(async () => {
    browser = await shown.page.context().newCDPSession(shown.page);
  });

  /** Begins to compose a word in a field, and presses what an input method takes for itself. */
  const compose = async (field: Locator, keys: readonly string[]) => {
    await field.focus();
    await browser.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    for (const key of keys) {
      const codes = { Escape: 27, Enter: 13, ArrowDown: 40, Digit1: 49 };
      const windowsVirtualKeyCode = codes[key as keyof typeof codes];
      await browser.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        key,
        code: key,
        windowsVirtualKeyCode,
      });
      await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode });
    }
  };

  it('has its keys for itself in a queued prompt that is edited', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue, header: aHeader({ status: { type: 'busy' } }) }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    const field = shown.page.getByLabel('Queued prompt', { exact: true });
    await field.fill('And after that? ');
    await compose(field, ['Escape', 'Enter']);
    assert.equal(await field.isVisible(), true);
    await browser.send('Input.insertText', { text: '日本' });
    await field.press('Enter');
    assert.equal((await shown.posted('queueEdit')).text, 'And after that? 日本');
  });

  it('has its keys for itself in the composer and its completions', async () => {
    const choices = { agents: [], models: [], commands: [{ name: 'init', description: '' }] };
    await shown.send({ type: 'show', view: aView() }, { type: 'choices', choices });
    await composer().pressSequentially('/in');
    await compose(composer(), ['Enter', 'ArrowDown', 'Escape']);
    assert.match(await composer().inputValue(), /^\/in/);
    assert.notEqual(await composer().inputValue(), '/init ');
    assert.equal((await shown.allPosted()).filter(({ type }) => type === 'send').length, 0);
  });

  it('has its keys for itself in the search, in a list to pick from and in an answer', async () => {
    const agents = ['build', 'plan'].map((name) => ({ name, description: '' }));
    const option = { label: 'Small', description: '' };
    const question = {
      question: 'Which one?',
      header: 'Size',
      options: [option],
      multiple: false,
      custom: true,
    };
    const asked = { id: 'que_1', sessionId: 'ses_1', questions: [question] };
    await shown.send(
      { type: 'show', view: aView({ questions: [asked] }) },
      { type: 'choices', choices: { agents, models: [], commands: [] } },
    );
    await compose(shown.page.getByTestId('question-own'), ['Enter', 'Escape', 'Digit1']);
    assert.equal(await shown.page.getByTestId('question').isVisible(), true);
    await shown.page.getByTestId('agent-picker').click();
    const filter = shown.page.locator('.picker-filter:visible');
    await compose(filter, ['ArrowDown', 'Enter', 'Escape']);
    assert.equal(await filter.isVisible(), true);
    await shown.page.getByTestId('agent-picker').click();
    await shown.page.keyboard.press('ControlOrMeta+f');
    const find = shown.page.getByTestId('find-field');
    await compose(find, ['Enter', 'Escape']);
    assert.equal(await find.isVisible(), true);
    const posted = (await shown.allPosted()).map(({ type }) => type);
    assert.deepEqual(
      posted.filter((type) => /send|reply|reject/.test(type)),
      [],
    );
  });
});
