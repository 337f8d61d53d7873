import assert from 'node:assert/strict';
import type { MessageEntry } from '../../../src/protocol/page/entries.ts';
import { aHeader, aMessage, aText, aView, askingFor } from '../builders.ts';
import { usePage } from '../usePage.ts';

/** So many messages of a conversation. */
const conversation = (count: number): MessageEntry[] =>
  Array.from({ length: count }, (_, index) => aMessage(index, aText(`prt_${index}`, `Message ${index}`)));

describe('The hands on the keyboard', () => {
  const { shown, composer, open } = usePage();

  const isInPrompt = (): Promise<boolean> => composer().evaluate((field) => field === document.activeElement);

  /** The message that has the focus, or what else has. */
  const focused = (): Promise<string | undefined> =>
    shown.page.evaluate(() => {
      const { activeElement: one } = document;
      if (!(one instanceof HTMLElement)) return undefined;
      return (
        one.dataset['messageId'] ?? one.dataset['testid'] ?? one.getAttribute('aria-label') ?? one.tagName
      );
    });

  const blur = (): Promise<void> =>
    shown.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  describe('write', () => {
    beforeEach(() => shown.send({ type: 'show', view: aView({ entries: conversation(6) }) }));

    it('into the composer when nothing has the focus, with the first letter', async () => {
      await blur();
      await shown.page.keyboard.type('hey, you');
      assert.equal(await composer().inputValue(), 'hey, you');
    });

    it('into the composer from the messages and from their buttons', async () => {
      await shown.page.getByRole('region', { name: 'Messages' }).focus();
      await shown.page.keyboard.type('a');
      const row = shown.page.locator('[data-message-id]').first();
      await row.hover();
      await row.getByTestId('fork').focus();
      await shown.page.keyboard.type('b');
      assert.equal(await composer().inputValue(), 'ab');
    });

    it('into the composer from the buttons of the header and of the composer', async () => {
      for (const [button, letter] of [
        ['find', 'a'],
        ['lend', 'b'],
        ['send', 'c'],
      ] as const) {
        await shown.page.getByTestId(button).focus();
        await shown.page.keyboard.type(letter);
      }
      assert.equal(await composer().inputValue(), 'abc');
    });

    it('not where a key scrolls, presses a button or is for a command', async () => {
      const messages = shown.page.getByRole('region', { name: 'Messages' });
      for (const key of ['Space', 'PageDown', 'ArrowDown', 'Home', 'Control+c', 'Alt+x', 'Shift', 'F2']) {
        await messages.focus();
        await shown.page.keyboard.press(key);
        assert.equal(await focused(), 'Messages', key);
      }
      const row = shown.page.locator('[data-message-id]').first();
      await row.hover();
      await row.getByTestId('fork').focus();
      await shown.page.keyboard.press('Space');
      assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.fork');
      assert.equal(await composer().inputValue(), '');
    });

    it('not while an input method makes something of keys', async () => {
      await blur();
      for (const init of [{ key: 'Process' }, { key: 'k', isComposing: true }]) {
        await shown.page.evaluate((given) => {
          document.body.dispatchEvent(new KeyboardEvent('keydown', { ...given, bubbles: true }));
        }, init);
        assert.equal(await focused(), 'BODY');
      }
    });

    it('into the field that has the focus', async () => {
      await shown.page.getByTestId('find').click();
      await shown.page.keyboard.type('seek');
      assert.equal(await shown.page.getByTestId('find-field').inputValue(), 'seek');
      assert.equal(await composer().inputValue(), '');
    });

    it('what is pasted, too', async () => {
      await blur();
      await shown.page.keyboard.press('ControlOrMeta+v');
      assert.equal(await focused(), 'Prompt');
    });
  });

  it('find the cursor in the composer when the page gets the focus and nothing in it has it', async () => {
    const focusPage = (): Promise<void> =>
      shown.page.evaluate(() => void window.dispatchEvent(new Event('focus')));
    await focusPage();
    await shown.send({ type: 'show', view: aView({ entries: conversation(2) }) });
    assert.equal(await isInPrompt(), true, 'it came before the session did');
    await shown.page.getByTestId('find').focus();
    await focusPage();
    assert.equal(await focused(), 'find', 'what has the focus keeps it');
    await blur();
    await focusPage();
    assert.equal(await isInPrompt(), true);
  });

  describe('on Escape', () => {
    const busy = aHeader({ status: { type: 'busy' } });

    it('go from the composer to the messages, and back with what is typed', async () => {
      await shown.send({ type: 'show', view: aView({ entries: conversation(6) }) });
      await composer().fill('half');
      await shown.page.keyboard.press('Escape');
      assert.equal(await focused(), 'msg_000005');
      await shown.page.keyboard.press('ArrowUp');
      await shown.page.keyboard.type('!');
      assert.equal(await composer().inputValue(), 'half!');
      await shown.page.keyboard.press('Escape');
      assert.equal(await focused(), 'msg_000004', 'where they were');
    });

    it('close a list of the composer first', async () => {
      await shown.send({ type: 'show', view: aView({ entries: conversation(2) }) });
      await shown.send({
        type: 'choices',
        choices: { agents: [], models: [], commands: [{ name: 'init', description: 'Set up' }] },
      });
      await composer().pressSequentially('/in');
      await shown.page.getByRole('option', { name: '/init' }).waitFor();
      await shown.page.keyboard.press('Escape');
      assert.equal(await isInPrompt(), true);
      await shown.page.keyboard.press('Escape');
      assert.equal(await isInPrompt(), false);
    });

    it('stop a run with the second one, which the first says, also aloud', async () => {
      await shown.send({ type: 'show', view: aView({ header: busy, entries: conversation(2) }) });
      await composer().focus();
      await shown.page.keyboard.press('Escape');
      await shown.page.getByTestId('stop-hint').waitFor();
      assert.equal(await shown.page.locator('[aria-live=polite]').innerText(), 'Escape again stops the run.');
      assert.ok(!(await shown.allPosted()).some(({ type }) => type === 'command'), 'one stops nothing');
      await shown.page.keyboard.press('Escape');
      const { command, sessionId } = await shown.posted('command');
      assert.deepEqual([command, sessionId], ['opencodeSessions.session.abort', 'ses_1']);
      assert.equal(await isInPrompt(), true);
      assert.equal(await shown.page.getByTestId('stop-hint').isVisible(), false);
    });

    it('stop nothing once the run is over, the session is another one or the hint is gone', async () => {
      await shown.send({ type: 'show', view: aView({ header: busy, entries: conversation(2) }) });
      const hint = shown.page.getByTestId('stop-hint');
      const escape = async (): Promise<void> => {
        await composer().focus();
        await shown.page.keyboard.press('Escape');
      };
      await escape();
      await shown.send({ type: 'header', header: aHeader() });
      assert.equal(await hint.isVisible(), false);
      await escape();
      await shown.send({ type: 'header', header: busy });
      await escape();
      const other = aHeader({ sessionId: 'ses_2', status: { type: 'busy' } });
      await shown.send({ type: 'show', view: aView({ header: other, entries: conversation(2) }) });
      assert.equal(await hint.isVisible(), false);
      await escape();
      await hint.waitFor({ state: 'hidden' });
      await shown.page.keyboard.press('Escape');
      assert.ok(!(await shown.allPosted()).some(({ type }) => type === 'command'));
    });

    it('do nothing while an input method is at work', async () => {
      await shown.send({ type: 'show', view: aView({ header: busy, entries: conversation(2) }) });
      await composer().focus();
      await composer().evaluate((field) => {
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true }),
        );
      });
      assert.equal(await isInPrompt(), true);
      assert.equal(await shown.page.getByTestId('stop-hint').isVisible(), false);
    });
  });

  describe('on Tab', () => {
    const stops = async (page: typeof shown.page, key: string, most = 60): Promise<string[]> => {
      const seen: string[] = [];
      for (let count = 0; count < most; count += 1) {
        await page.keyboard.press(key);
        const name = await page.evaluate(() => {
          const one = document.activeElement as HTMLElement;
          return one.dataset['messageId'] ?? one.getAttribute('aria-label') ?? one.tagName;
        });
        seen.push(name);
        if (name === 'Prompt') break;
      }
      return seen;
    };

    it('come by a long session in one stop, from either side', async () => {
      const long = await open({ height: 700 });
      await long.send({ type: 'show', view: aView({ entries: conversation(200) }) });
      await long.page.getByTestId('find').focus();
      const down = await stops(long.page, 'Tab');
      assert.equal(down.at(-1), 'Prompt');
      assert.deepEqual(
        down.filter((name) => name.startsWith('msg_')),
        ['msg_000199'],
      );
      await long.page.keyboard.press('Shift+Tab');
      assert.equal(
        await long.page.evaluate(() => (document.activeElement as HTMLElement).dataset['messageId']),
        'msg_000199',
      );
      await long.page.keyboard.press('Shift+Tab');
      assert.equal(await long.page.evaluate(() => document.activeElement?.closest('.stage') === null), true);
      assert.deepEqual(long.errors, []);
      await long.close();
    });

    it('stop at a box of code only where it scrolls', async () => {
      const code = (text: string): string => `\`\`\`sh\n${text}\n\`\`\``;
      const entries = [
        aMessage(1, aText('prt_1', code('ls'))),
        aMessage(3, aText('prt_3', code('x'.repeat(900)))),
        aMessage(5, aText('prt_5', 'Done.')),
      ];
      await shown.send({ type: 'show', view: aView({ entries }) });
      await shown.page.waitForFunction(
        () => document.querySelectorAll('.code pre[tabindex="-1"]').length === 1,
      );
      const [short, long] = [shown.page.locator('.code pre').first(), shown.page.locator('.code pre').last()];
      assert.deepEqual(
        [await short.getAttribute('tabindex'), await long.getAttribute('tabindex')],
        ['-1', '0'],
      );
      await composer().focus();
      await shown.page.keyboard.press('Shift+Tab');
      assert.equal(await long.evaluate((box) => box === document.activeElement), true);
      await shown.page.keyboard.press('Shift+Tab');
      assert.equal(await focused(), 'msg_000003', 'its message');
    });
  });

  describe('on the arrows', () => {
    it('go to other messages, and to the first and the last', async () => {
      const long = await open({ height: 600 });
      const name = () =>
        long.page.evaluate(() => (document.activeElement as HTMLElement).dataset['messageId']);
      await long.send({ type: 'show', view: aView({ entries: conversation(120) }) });
      await long.page.getByLabel('Prompt', { exact: true }).focus();
      await long.page.keyboard.press('Shift+Tab');
      for (let count = 0; count < 40; count += 1) await long.page.keyboard.press('ArrowUp');
      assert.equal(await name(), 'msg_000079');
      await long.page.keyboard.press('ArrowDown');
      assert.equal(await name(), 'msg_000080');
      const row = long.page.locator('[data-message-id=msg_000080]');
      const box = await row.boundingBox();
      assert.ok(box !== null && box.y >= 0 && box.y < 600, 'it is in view');
      await long.page.keyboard.press('Home');
      assert.equal(await name(), 'msg_000000');
      await long.page.keyboard.press('ArrowUp');
      assert.equal(await name(), 'msg_000000');
      await long.page.keyboard.press('End');
      assert.equal(await name(), 'msg_000119');
      assert.deepEqual(long.errors, []);
      await long.close();
    });

    it('go through what can be done in a message, and round', async () => {
      await shown.send({ type: 'show', view: aView({ entries: conversation(2) }) });
      await composer().focus();
      await shown.page.keyboard.press('Shift+Tab');
      await shown.page.keyboard.press('ArrowUp');
      await shown.page.keyboard.press('ArrowRight');
      assert.equal(await focused(), 'fork');
      await shown.page.keyboard.press('End');
      assert.equal(await focused(), 'more');
      await shown.page.keyboard.press('ArrowRight');
      assert.equal(await focused(), 'msg_000000');
      await shown.page.keyboard.press('ArrowLeft');
      assert.equal(await focused(), 'more');
      await shown.page.keyboard.press('Home');
      await shown.page.keyboard.press('Enter');
      assert.equal((await shown.posted('command')).messageId, 'msg_000000');
    });

    it('scroll a message to its end before they leave it, and for who has clicked into it', async () => {
      const short = await open({ height: 500 });
      const text = Array.from({ length: 120 }, (_, index) => `Line ${index}`).join('\n\n');
      const entries = [
        aMessage(0, aText('prt_0', 'Go')),
        aMessage(1, aText('prt_1', text)),
        aMessage(2, aText('prt_2', 'And?')),
      ];
      await short.send({ type: 'show', view: aView({ entries }) });
      const name = () =>
        short.page.evaluate(() => (document.activeElement as HTMLElement).dataset['messageId']);
      await short.page.getByLabel('Prompt', { exact: true }).focus();
      await short.page.keyboard.press('Shift+Tab');
      assert.equal(await name(), 'msg_000002');
      await short.page.keyboard.press('ArrowUp');
      await short.page.keyboard.press('ArrowUp');
      assert.equal(await name(), 'msg_000001', 'there is more of it above');
      await short.page.getByText('Line 119').click();
      await short.page.keyboard.press('ArrowUp');
      assert.notEqual(await name(), 'msg_000000');
      assert.deepEqual(short.errors, []);
      await short.close();
    });
  });

  it('come to what waits for an answer when that is what they came for, else to the composer', async () => {
    const entries = conversation(2);
    const permissions = [
      { id: 'per_1', sessionId: 'ses_1', ...askingFor('bash'), patterns: ['ls'], always: [] },
    ];
    await shown.send(
      { type: 'show', view: aView({ entries, permissions }) },
      { type: 'attend', sessionId: 'ses_1' },
    );
    assert.equal(await focused(), 'permission');
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions: [] });
    await shown.send({ type: 'attend', sessionId: 'ses_1' });
    assert.equal(await isInPrompt(), true);
  });

  it('come by no mark that nobody sees, nor is one read out', async () => {
    const marks = [
      { id: 'prt_1', type: 'step-start' },
      { id: 'prt_2', type: 'step-finish', reason: 'tool-calls', cost: 0 },
    ] as const;
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, ...marks, aText('prt_3', 'Done.'))] }),
    });
    const row = await shown.page.locator('.message').ariaSnapshot();
    assert.match(row, /Done\./);
    assert.doesNotMatch(row, /Step/);
  });

  it('are told which session it is by the title of the page', async () => {
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: 'On its way' });
    assert.equal(await shown.page.title(), 'On its way');
    await shown.send({ type: 'show', view: aView() });
    assert.equal(await shown.page.title(), 'Add a cart to the shop');
    await shown.send({ type: 'header', header: aHeader({ title: 'A better name' }) });
    assert.equal(await shown.page.title(), 'A better name');
  });
});
