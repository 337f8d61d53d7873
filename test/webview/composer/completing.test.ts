import assert from 'node:assert/strict';
import { aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer and what it completes', () => {
  const { shown, composer } = usePage();

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
});
