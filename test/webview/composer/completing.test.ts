import assert from 'node:assert/strict';
import { aHeader, aView } from '../builders.ts';
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
    const ours = new Set(['/redo', '/relay', '/rename', '/approaches']);
    const theirs = (await offered('/re')).filter((label) => !ours.has(label));
    assert.deepEqual(theirs, ['/Review', '/undo-review']);
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

  describe('a list with the focus', () => {
    const list = () => shown.page.getByTestId('completions');
    const names = ['one', 'two', 'three'];

    /** Comes to the list from the field by the keyboard. */
    const enterList = async (): Promise<void> => {
      const commands = names.map((name) => ({ name: `go-${name}`, description: '' }));
      await shown.send(
        { type: 'show', view: aView() },
        { type: 'choices', choices: { agents: [], models: [], commands } },
      );
      await composer().pressSequentially('/go-');
      await list().waitFor();
      await shown.page.keyboard.press('Shift+Tab');
      assert.equal(await list().evaluate((one) => one === document.activeElement), true);
    };

    const isWriting = () => composer().evaluate((field) => field === document.activeElement);

    it('is steered by the keys that steer it from the field', async () => {
      await enterList();
      await shown.page.keyboard.press('ArrowDown');
      const active = list().locator('[aria-selected=true]');
      assert.equal(await list().getAttribute('aria-activedescendant'), await active.getAttribute('id'));
      const label = await active.locator('.option-label').innerText();
      await shown.page.keyboard.press('Enter');
      assert.equal(await composer().inputValue(), `${label} `);
      assert.equal(await isWriting(), true);
      assert.equal(await list().isVisible(), false);
    });

    it('gives the focus back to the field by Tab, Escape, and what is typed on', async () => {
      await enterList();
      await shown.page.keyboard.press('Tab');
      assert.deepEqual([await isWriting(), await list().isVisible()], [true, true]);
      await shown.page.keyboard.press('Shift+Tab');
      await shown.page.keyboard.press('t');
      assert.equal(await composer().inputValue(), '/go-t');
      assert.deepEqual([await isWriting(), await list().isVisible()], [true, true]);
      await shown.page.keyboard.press('Shift+Tab');
      await shown.page.keyboard.press('Escape');
      assert.deepEqual([await isWriting(), await list().isVisible()], [true, false]);
      assert.equal(await composer().inputValue(), '/go-t');
    });

    it('closes once the focus goes elsewhere', async () => {
      await enterList();
      await shown.page.getByTestId('find').focus();
      assert.equal(await list().isVisible(), false);
      assert.equal(await composer().inputValue(), '/go-');
    });
  });

  describe('our verbs', () => {
    const busy = aHeader({ status: { type: 'busy' }, isEmpty: true });
    const choices = {
      agents: ['build', 'plan', 'reviewer'].map((name) => ({ name, description: `The ${name}` })),
      models: ['echo', 'large'].map((modelID) => ({
        providerID: 'local',
        modelID,
        name: modelID.toUpperCase(),
        provider: 'Local',
        variants: [],
        contextLimit: 1000,
      })),
      commands: ['init', 'copy'].map((name) => ({ name, description: `The server's ${name}` })),
      chains: [{ name: 'plan → build', description: 'plan → build' }],
    };
    const list = () => shown.page.getByTestId('completions');
    const option = (label: string) =>
      list()
        .getByRole('option')
        .filter({ has: shown.page.getByText(label, { exact: true }) });
    const labels = () => list().locator('.option-label').allInnerTexts();
    const open = async (typed: string, header = aHeader()) => {
      await shown.send({ type: 'show', view: aView({ header }) }, { type: 'choices', choices });
      await composer().fill('');
      await composer().pressSequentially(typed);
    };

    it('lead the list under a heading, with what may stand behind them', async () => {
      await open('/');
      const groups = list().getByRole('group');
      assert.deepEqual(await groups.evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel)), [
        'Session',
        'OpenCode',
      ]);
      assert.deepEqual((await labels()).slice(0, 3), ['/compact', '/fork', '/approaches']);
      assert.deepEqual((await labels()).slice(-2), ['/init', '/copy']);
      assert.match(await option('/relay').innerText(), /\[agent\] \[prompt\]/);
    });

    it('are told from commands of the server with the same name', async () => {
      await open('/cop');
      assert.deepEqual(await labels(), ['/session:copy', '/compact', '/copy']);
      await composer().press('Enter');
      assert.equal(await composer().inputValue(), '/copy ');
      await composer().fill('');
      await composer().pressSequentially('/copy');
      await composer().press('Enter');
      assert.equal((await shown.posted('send')).draft.text, '/copy');
      await composer().pressSequentially('/session:');
      assert.deepEqual((await labels()).slice(0, 2), ['/session:compact', '/session:fork']);
    });

    it('say why they cannot be used, behind those that can', async () => {
      await open('/', busy);
      assert.match(await option('/handoff').innerText(), /The session has no messages yet\./);
      assert.match(await option('/redo').innerText(), /Nothing was taken back\./);
      assert.deepEqual((await labels()).slice(0, 2), ['/relay', '/tell']);
      await shown.send({ type: 'header', header: { ...aHeader(), status: { type: 'busy' } } });
      await composer().pressSequentially('un');
      assert.match(await option('/undo').innerText(), /The session is working\. Stop it first, or wait\./);
    });

    it('complete the saved chains behind a relay, in quotes', async () => {
      await open('/relay "pl');
      assert.deepEqual(await labels(), ['plan → build']);
      await composer().press('Enter');
      assert.equal(await composer().inputValue(), '/relay "plan → build" ');
      await composer().press('Enter');
      assert.equal((await shown.posted('send')).draft.text, '/relay "plan → build" ');
    });

    it('complete the agents and models behind them, and run with the second Enter', async () => {
      await open('/rel');
      await composer().press('Enter');
      assert.deepEqual(await labels(), ['build', 'plan', 'reviewer', 'plan → build']);
      await composer().pressSequentially('rev');
      await composer().press('Enter');
      await composer().pressSequentially('check the rounding');
      assert.equal(await list().isVisible(), false);
      await composer().press('Enter');
      assert.equal((await shown.posted('send')).draft.text, '/relay reviewer check the rounding');
      await composer().pressSequentially('/model lar');
      assert.deepEqual(await labels(), ['LARGE']);
      await composer().press('Tab');
      assert.equal(await composer().inputValue(), '/model local/large ');
      await composer().press('Escape');
      await composer().press('Enter');
      assert.equal((await shown.posted('send')).draft.text, '/model local/large ');
    });

    it('complete the sessions behind /tell, in quotes', async () => {
      await open('/tell "ca');
      const asked = (await shown.allPosted()).findLast(({ type }) => type === 'complete');
      assert.ok(asked?.type === 'complete');
      assert.deepEqual([asked.query, asked.what], ['ca', 'session']);
      const items = [{ kind: 'session', label: 'A cart', insert: '"A cart"' }] as const;
      await shown.send({ type: 'completions', token: asked.token, items });
      await composer().press('Enter');
      assert.equal(await composer().inputValue(), '/tell "A cart" ');
      await composer().pressSequentially('it is late');
      assert.equal(await list().isVisible(), false);
    });

    it('offer nothing where a blank in front says that it is a text', async () => {
      await open(' /comp');
      assert.equal(await list().isVisible(), false);
    });
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
