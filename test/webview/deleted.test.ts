import assert from 'node:assert/strict';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

describe('The page of a session', () => {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });
  after(() => bench.stop());
  beforeEach(async () => {
    shown = await bench.open();
  });
  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  const entries = [
    { ...aMessage(0, aText('prt_0', 'Explain the cart')), role: 'user' as const },
    aMessage(
      1,
      aTool({ id: 'prt_1', tool: 'read', title: 'src/cart.ts' }),
      aText('prt_2', 'It **adds** up.'),
    ),
  ];
  const notice = () => shown.page.getByTestId('deleted-notice');
  const field = () => shown.page.getByLabel('Prompt', { exact: true });

  it('that was deleted says so, offers what is left, and keeps what was typed without sending it', async () => {
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.ok(await notice().isHidden());
    await field().fill('And the tax?');
    await shown.send({ type: 'header', header: aHeader({ deleted: true }) });
    assert.match(await notice().innerText(), /This session was deleted/);
    assert.equal(await field().inputValue(), 'And the tax?');
    assert.ok(await shown.page.getByTestId('send').isHidden());
    await field().press('Enter');
    await field().pressSequentially('x');
    assert.equal(await field().inputValue(), 'And the tax?');
    await notice().getByRole('button', { name: 'Open as Document' }).click();
    await notice().getByRole('button', { name: 'Copy' }).click();
    const { text } = await shown.posted('openAsFile');
    assert.equal((await shown.posted('copy')).text, text);
    assert.match(text, /^# Add a cart to the shop\n/);
    assert.match(text, /Explain the cart[^]*- read: src\/cart\.ts[^]*It \*\*adds\*\* up\./);
    assert.ok((await shown.allPosted()).every(({ type }) => type !== 'send'));
  });

  it('that was deleted has no place to type in where nothing was typed, and has one again once it is back', async () => {
    await shown.send({ type: 'show', view: aView({ entries, header: aHeader({ deleted: true }) }) });
    assert.ok(await field().isHidden());
    await shown.send({ type: 'header', header: aHeader() });
    assert.ok(await field().isVisible());
    assert.ok(await notice().isHidden());
    await field().fill('Go on');
    await field().press('Enter');
    assert.equal((await shown.posted('send')).draft.text, 'Go on');
  });

  it('says of an origin that nobody told that it is inferred, and from what', async () => {
    const from = {
      kind: 'fork',
      sessionId: 'ses_0',
      title: 'Cart',
      inferred: 'inferred from its title',
    } as const;
    await shown.send({ type: 'show', view: aView({ entries, header: aHeader({ from }) }) });
    const link = shown.page.getByRole('button', { name: 'Cart (inferred)' });
    assert.equal(await link.getAttribute('title'), 'Forked from Cart, inferred from its title');
  });
});
