import assert from 'node:assert/strict';
import { aHeader, anotherSession, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer and its queue', () => {
  const { shown, composer } = usePage();

  it('shows pending relays, why one is held, and lets them go on and be moved', async () => {
    const queue = [
      { id: 'msg_r1', text: 'Review it.', agent: 'plan', relay: { held: 'The turn before it failed.' } },
      { id: 'msg_r2', text: 'Write it.', agent: 'build', relay: {} },
      { id: 'msg_q1', text: 'And then?', agent: 'build' },
    ];
    await shown.send({ type: 'show', view: aView({ queue }) });
    const rows = shown.page.getByTestId('queue').locator('li');
    assert.match(await rows.nth(0).innerText(), /held[\s\S]*The turn before it failed\./);
    await rows.nth(0).getByLabel('Send Held Relay').click();
    const { sessionId } = aView().header;
    const asked = { type: 'command', sessionId } as const;
    assert.deepEqual(await shown.posted('command'), {
      ...asked,
      command: 'opencodeSessions.relay.release',
      relayId: 'msg_r1',
    });
    assert.equal(await rows.nth(1).getByLabel('Send Held Relay').count(), 0);
    await rows.nth(1).getByLabel('Move Pending Relay Up').click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.relay.moveUp');
    assert.equal(await rows.nth(2).getByLabel('Move Pending Relay Up').count(), 0);
  });

  it('shows that a queued prompt is being sent, and offers to change those that wait', async () => {
    const waiting = { id: 'msg_q2', text: 'And then?', agent: 'build' };
    const queue = [{ ...waiting, id: 'msg_q1', sending: true }, waiting];
    await shown.send({ type: 'show', view: aView({ queue }) });
    const rows = shown.page.locator('.queued');
    assert.match(await rows.first().innerText(), /sending…/);
    assert.equal(await rows.first().locator('button').count(), 0);
    assert.doesNotMatch(await rows.last().innerText(), /sending/);
    assert.equal(await rows.last().getByLabel('Edit Queued Prompt').count(), 1);
  });

  it('says that a prompt is held where no turn runs, and sends it when asked to', async () => {
    const queue = [
      { id: 'msg_q1', text: 'And then?', agent: 'build', sending: true },
      { id: 'msg_q2', text: '', attachments: ['a.png', 'b.ts:3'], agent: 'build' },
    ];
    const busy = aHeader({ status: { type: 'busy' } });
    await shown.send({ type: 'show', view: aView({ queue, header: busy }) });
    const rows = shown.page.getByTestId('queue').locator('li');
    const sendNow = shown.page.getByTestId('queue').getByLabel('Send Now');
    assert.match(await rows.nth(1).innerText(), /a\.png, b\.ts:3/);
    await sendNow.click();
    assert.deepEqual(await shown.posted('queueSend'), {
      type: 'queueSend',
      sessionId: 'ses_1',
      id: 'msg_q2',
      mode: 'steer',
    });
    await shown.send({ type: 'header', header: aHeader() });
    assert.match(await rows.nth(1).innerText(), /held[\s\S]*The last turn was stopped or failed\./);
    assert.equal(await sendNow.count(), 1);
    await rows.nth(1).getByLabel('Edit Queued Prompt').click();
    await shown.send({ type: 'header', header: busy }, { type: 'header', header: aHeader() });
    await shown.page.keyboard.type('See these');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.posted('queueEdit')).text, 'See these');
    await sendNow.click();
    assert.deepEqual(await shown.posted('queueSend'), {
      type: 'queueSend',
      sessionId: 'ses_1',
      id: 'msg_q2',
      mode: 'queue',
    });
  });

  it('leaves a queued prompt a text that was one, with the blank in front', async () => {
    const queue = [{ id: 'msg_q1', text: ' !important', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill(' !important: be quick ');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.posted('queueEdit')).text, ' !important: be quick');
  });

  it('keeps what was typed into a queued prompt that was sent meanwhile', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue, draft: { text: 'Draft' } }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    const sending = queue.map((prompt) => ({ ...prompt, sending: true }));
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: sending });
    assert.equal(await composer().inputValue(), 'Draft\n\nAnd after that?');
    assert.equal((await shown.posted('draft')).draft.text, 'Draft\n\nAnd after that?');
    await shown.page.keyboard.type('!');
    assert.equal(await composer().inputValue(), 'Draft\n\nAnd after that?!');
  });

  it('keeps what was typed into a queued prompt in the draft of its session when another is shown', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    await shown.send({ type: 'show', view: anotherSession() });
    const { sessionId, draft } = await shown.posted('draft');
    assert.deepEqual([sessionId, draft.text], ['ses_1', 'And after that?']);
    assert.equal(await composer().inputValue(), 'Other');
  });

  it('has what was typed into a queued prompt in the draft while it is hidden and may be thrown away', async () => {
    const queue = [{ id: 'msg_q1', text: 'And then?', agent: 'build' }];
    await shown.send({ type: 'show', view: aView({ queue }) });
    await shown.page.getByLabel('Edit Queued Prompt').click();
    await shown.page.getByLabel('Queued prompt', { exact: true }).fill('And after that?');
    const turn = (isHidden: boolean) =>
      shown.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await turn(true);
    assert.equal((await shown.posted('draft')).draft.text, 'And after that?');
    await turn(false);
    assert.equal((await shown.posted('draft')).draft.text, '');
  });
});
