import assert from 'node:assert/strict';
import { anotherSession, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer whose prompt is written in an editor', () => {
  const { shown, composer } = usePage();

  const notice = () => shown.page.getByTestId('lent-notice');

  const file = { kind: 'file', path: '/work/shop/a.ts' } as const;

  it('tells all that was typed before it asks for that, and takes nothing more', async () => {
    await shown.send({ type: 'show', view: aView({ draft: { text: 'Long', attachments: [file] } }) });
    await composer().press('End');
    await composer().pressSequentially(' story');
    await shown.send({ type: 'lend', sessionId: 'ses_1' });
    const posted = (await shown.allPosted()).filter(({ type }) => type === 'draft' || type === 'lend');
    assert.equal(posted.at(-1)?.type, 'lend');
    const told = posted.findLast((message) => message.type === 'draft');
    assert.equal(told?.draft.text, 'Long story');
    assert.equal(await composer().isEditable(), false);
    await shown.send({
      type: 'lent',
      sessionId: 'ses_1',
      isLent: true,
      draft: { text: '', attachments: [file] },
    });
    assert.equal(await composer().inputValue(), '');
    assert.equal(await notice().isVisible(), true);
    assert.deepEqual(
      await shown.page.locator('.chip-name').allInnerTexts(),
      ['a.ts'],
      'it stays with the prompt',
    );
    await composer().press('x');
    await composer().press('Enter');
    assert.equal(await composer().inputValue(), '');
    assert.equal((await shown.allPosted()).filter(({ type }) => type === 'send').length, 0);
  });

  it('has the text again when it comes back, which no undo takes away', async () => {
    await shown.send({ type: 'show', view: aView({ isLent: true }) });
    assert.equal(await composer().isEditable(), false);
    await notice().getByRole('button', { name: 'Back to Composer' }).click();
    const { command, sessionId } = await shown.posted('command');
    assert.deepEqual([command, sessionId], ['opencodeSessions.prompt.backToComposer', 'ses_1']);
    await shown.send({ type: 'lent', sessionId: 'ses_1', isLent: false, draft: { text: 'Written there' } });
    assert.equal(await notice().isVisible(), false);
    await composer().press('ControlOrMeta+z');
    assert.equal(await composer().inputValue(), 'Written there');
    assert.equal(await composer().isEditable(), true);
  });

  it('is that of its session alone', async () => {
    await shown.send({ type: 'show', view: aView({ isLent: true }) });
    await shown.send({ type: 'show', view: anotherSession() });
    assert.equal(await notice().isVisible(), false);
    assert.equal(await composer().isEditable(), true);
    await shown.send({ type: 'lent', sessionId: 'ses_1', isLent: true, draft: { text: '' } });
    assert.equal(await composer().inputValue(), 'Other');
  });
});
