import assert from 'node:assert/strict';
import { aMessage, aText, aTool, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with parts', () => {
  const { shown, part } = usePage({ isUnfolded: true });

  const pixel =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  it('shows a part of every type', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const types = await shown.page
      .locator('[data-part-type]')
      .evaluateAll((parts) => parts.map((one) => one.getAttribute('data-part-type')));
    const every =
      'agent compaction file patch reasoning retry snapshot step-finish step-start subtask text tool unknown';
    assert.deepEqual(new Set(types), new Set(every.split(' ')));
  });

  it('says of what a fork brought back that no person said it, and leads to the fork', async () => {
    const found = { ...aText('prt_0', 'Tables are faster.'), broughtBack: { from: 'ses_fork' } };
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(0, found), aMessage(2, aText('prt_2', 'Go on.'))] }),
    });
    const lines = shown.page.getByTestId('brought-back');
    assert.deepEqual(
      (await lines.allInnerTexts()).map((line) => line.split(/\s*\n/)[0]),
      ['From a fork, not from you'],
    );
    await lines.getByRole('button', { name: 'Open Fork' }).click();
    assert.equal((await shown.posted('openSession')).sessionId, 'ses_fork');
  });

  it('says of what another session wrote that no person said it, names no relay, and leads to the session', async () => {
    const wrote = { ...aText('prt_0', 'Look at the cart.'), relayed: { from: 'plan', session: 'ses_other' } };
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(0, wrote), aMessage(2, aText('prt_2', 'Go on.'))] }),
    });
    const lines = shown.page.getByTestId('brought-back');
    assert.match(await lines.innerText(), /^From another session, not from you/);
    assert.equal(await shown.page.getByTestId('agent-change').count(), 0);
    await lines.getByRole('button', { name: 'Open Session' }).click();
    assert.equal((await shown.posted('openSession')).sessionId, 'ses_other');
  });

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
});
