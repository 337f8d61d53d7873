import assert from 'node:assert/strict';
import type { TakenMention } from '../../../src/protocol/page/composer.ts';
import { anotherSession, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer and what it mentions', () => {
  const { shown, composer } = usePage();

  const chips = () => shown.page.locator('.chip-name');

  const names = () => chips().allInnerTexts();

  const helper = { kind: 'agent', word: '@helper', label: 'helper' } as const;
  const signIn = { kind: 'file', word: '@src/signIn.ts', label: 'signIn.ts' } as const;
  const title = 'Fix [the] cart';
  const cart = { kind: 'session', word: `@"${title}"`, label: title, sessionId: 'ses_9' } as const;

  const take = async ({ kind, word, label, sessionId }: TakenMention) => {
    await composer().press('End');
    await composer().pressSequentially('@x');
    const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
    const item = { kind, label, insert: word, ...(sessionId === undefined ? {} : { sessionId }) };
    const token = asked?.type === 'complete' ? asked.token : '';
    await shown.send({ type: 'completions', token, items: [item] });
    await composer().press('Enter');
  };

  it('shows each as a chip in the order of the text, and sends the text with what its words stand for', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().pressSequentially('Ask ');
    for (const mention of [helper, signIn, cart]) await take(mention);
    assert.deepEqual(await names(), ['helper', 'signIn.ts', title]);
    await composer().press('Home');
    await composer().pressSequentially('Quick: ');
    await composer().press('Enter');
    const { draft } = await shown.posted('send');
    assert.equal(draft.text, `Quick: Ask @helper @src/signIn.ts @"${title}" `);
    assert.deepEqual(draft.mentions, [helper, signIn, cart]);
    assert.deepEqual(await names(), []);
  });

  it('takes one out of the text by mouse and by key, and has it again when that is undone', async () => {
    await shown.send({ type: 'show', view: aView() });
    for (const mention of [helper, signIn, cart]) await take(mention);
    await shown.page.getByRole('button', { name: 'Remove signIn.ts' }).click();
    assert.equal(await composer().inputValue(), `@helper @"${title}" `);
    assert.deepEqual(await names(), ['helper', title]);
    assert.equal(
      await shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      `Remove ${title}`,
      'the next one has the focus',
    );
    await shown.page.keyboard.press('Delete');
    await shown.page.keyboard.press('Backspace');
    assert.deepEqual([await composer().inputValue(), await names()], ['', []]);
    await shown.page.keyboard.press('ControlOrMeta+z');
    assert.deepEqual([await composer().inputValue(), await names()], ['@helper ', ['helper']]);
    await composer().press('End');
    await composer().press('Backspace');
    await composer().press('Backspace');
    assert.deepEqual(await names(), []);
  });

  it('mentions a session whose row is dropped, also behind a letter', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().pressSequentially('As in');
    await composer().evaluate((field) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData(
        'application/vnd.code.uri-list',
        'opencode-session:/ses_9\r\nopencode-session:/ses_8',
      );
      field.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
    });
    const { sessionId, mentioned } = await shown.posted('mention');
    assert.deepEqual(mentioned, ['ses_9', 'ses_8']);
    await shown.send({ type: 'insert', sessionId, text: `${cart.word} `, mentions: [cart] });
    assert.deepEqual([await composer().inputValue(), await names()], [`As in ${cart.word} `, [title]]);
    await composer().press('Enter');
    assert.deepEqual((await shown.posted('send')).draft.mentions, [cart]);
  });

  it('keeps them with the draft over a reload and while another session is shown', async () => {
    const draft = { text: `See @"${title}" `, mentions: [cart] };
    await shown.send({ type: 'show', view: aView({ draft }) });
    assert.deepEqual(await names(), [title]);
    await composer().press('End');
    await composer().pressSequentially('now');
    await shown.send({ type: 'show', view: anotherSession() });
    assert.deepEqual(await names(), []);
    const told = (await shown.allPosted()).findLast((message) => message.type === 'draft');
    assert.deepEqual(told?.draft, { text: `See @"${title}" now`, mentions: [cart] });
  });

  it('names them to screen readers as a list of what goes along', async () => {
    await shown.send({ type: 'show', view: aView() });
    await take(cart);
    const list = shown.page.getByRole('list', { name: 'Attachments and mentions' });
    assert.equal(await list.getByRole('listitem').count(), 1);
    assert.match(await list.ariaSnapshot(), /Fix \[the\] cart/);
  });
});
