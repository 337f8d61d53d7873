import assert from 'node:assert/strict';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a session that works', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  after(() => closeWindow(workbench));

  it('says so on its row, and that it is idle when it is done', async () => {
    await workbench.startNamed('Held work', 'hold: held', 'say: done');
    await workbench.untilRowSays('Held work', /working/);
    bench.shop.model.release('held');
    await workbench.untilRowSays('Held work', /idle|finished/);
  });

  it('is stopped from its row', async () => {
    await workbench.startNamed('Endless work', 'hold: endless', 'say: done');
    await workbench.untilRowSays('Endless work', /working/);
    await workbench.pickFromMenu(workbench.row('Endless work'), 'Stop Session');
    await workbench.untilRowSays('Endless work', /idle|stopped/);
  });

  it('is retried at once while it waits to try again, and stopped, with its prompt sent once each time', async () => {
    await workbench.startNamed('Overloaded work', 'fail: 503 x* overloaded');
    await workbench.untilRowSays('Overloaded work', /attempt \d+ in/);
    await workbench.openRow('Overloaded work');
    const transcript = await workbench.transcript('Overloaded work');
    // Behind it, the page may keep the session that it showed before.
    const shown = transcript.locator('.session:not(.kept)');
    const stopped = shown.getByText('Stopped by you');
    const prompts = shown.locator('article[data-role=user]');
    await transcript.getByTestId('retry-now').click();
    // It may stand beyond the view.
    await prompts.nth(1).waitFor({ state: 'attached' });
    await stopped.first().waitFor({ state: 'attached' });
    await transcript.getByTestId('retry-stop').click();
    await shown.getByTestId('retry').waitFor();
    assert.deepEqual([await stopped.count(), await prompts.count()], [2, 2]);
    await workbench.untilRowSays('Overloaded work', /idle|stopped/);
  });

  it('tells that its run failed, and why', async () => {
    await workbench.startNamed('Doomed work', 'fail: 400 x* the model is out of order');
    await workbench.untilRowSays('Doomed work', /failed: .*out of order/);
  });

  it('asks for a permission on its row, and goes on when it is answered there', async () => {
    await workbench.startNamed(
      'Careful work',
      'tool: bash {"command":"echo careful","description":"Say it"}',
      'say: done',
    );
    await workbench.untilRowSays('Careful work', /waits for your permission/);
    await workbench.pickFromMenu(workbench.row('Careful work'), 'Answer Permission or Question…');
    await workbench.pick('Allow Once');
    await workbench.untilRowSays('Careful work', /idle|finished/);
  });

  it('is put away when it is deleted, without a question, and is gone for good after a while', async () => {
    await workbench.startNamed('Short work', 'say: done');
    await workbench.untilRowSays('Short work', /idle|finished/);
    await workbench.pickFromMenu(workbench.row('Short work'), 'Delete Session…');
    await (await workbench.notification('“Short work')).getByText('is deleted in ten seconds').waitFor();
    await workbench.row('Short work').waitFor({ state: 'detached' });
    await workbench.row(/^Archived/).waitFor({ state: 'detached' });
  });

  it('comes back from the archive by the notification that says that it went there', async () => {
    await workbench.startNamed('Kept work', 'say: done');
    await workbench.untilRowSays('Kept work', /idle|finished/);
    await workbench.pickFromMenu(workbench.row('Kept work'), 'Archive Session');
    await workbench.row('Kept work').waitFor({ state: 'detached' });
    const notification = await workbench.notification('Archived “Kept work');
    await notification.getByRole('button', { name: 'Undo' }).click();
    await workbench.row('Kept work').waitFor();
  });

  it('is stopped before it is deleted, after a question', async () => {
    await workbench.startNamed('Busy work', 'hold: busy', 'say: done');
    await workbench.untilRowSays('Busy work', /working/);
    await workbench.pickFromMenu(workbench.row('Busy work'), 'Delete Session…');
    await workbench.dialog.getByText('What is working is stopped first.').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await workbench.row('Busy work').waitFor({ state: 'detached' });
    await workbench.row(/^Archived/).waitFor({ state: 'detached' });
  });

  it('leaves an open transcript that says it was deleted, with its text and what was typed', async () => {
    await workbench.startNamed('Open work', 'say: All of it is done.');
    await workbench.untilRowSays('Open work', /idle|finished/);
    await workbench.openRow('Open work');
    const transcript = await workbench.transcript('All of it is done.');
    await transcript.getByLabel('Prompt', { exact: true }).fill('And then?');
    await workbench.pickFromMenu(workbench.row('Open work'), 'Delete Session…');
    await workbench.row('Open work').waitFor({ state: 'detached' });
    await transcript.getByTestId('deleted-notice').waitFor();
    assert.equal(await transcript.getByLabel('Prompt', { exact: true }).inputValue(), 'And then?');
    assert.ok(await transcript.getByTestId('send').isHidden());
    const tabs = await workbench.tabs();
    assert.ok(
      tabs.some((title) => title.startsWith('Open work')),
      `under its own title, not ${tabs.join()}`,
    );
    // The list of notifications lies above the notice while it is open.
    await workbench.runCommand('Notifications: Clear All Notifications');
    await transcript.getByTestId('deleted-notice').getByRole('button', { name: 'Open as Document' }).click();
    await workbench.page.locator('.editor-instance').getByText('All of it is done.').first().waitFor();
    await workbench.closeEditors();
  });

  it('is found by a filter, which leaves out all else until it is cleared', async () => {
    await workbench.runCommand('OpenCode: Filter Sessions… (Search)');
    await workbench.answerInput('careful');
    await waitFor(async () => (await workbench.rows('Sessions')).length === 1, {
      what: 'one row to be left',
    });
    assert.match((await workbench.rows('Sessions'))[0]?.text ?? '', /Careful work/);
    await workbench.runCommand('OpenCode: Clear Filter of Sessions');
    await workbench.row('Doomed work').waitFor();
  });

  it('is found by what it does, while that is typed', async () => {
    await workbench.runCommand('OpenCode: Filter Sessions… (Search)');
    await workbench.quickInput.fill('is:failed doomed');
    await waitFor(async () => (await workbench.rows('Sessions')).length === 1, {
      what: 'one row to be left before Enter',
    });
    await workbench.quickInput.fill('is:faild');
    await workbench.page.locator('.quick-input-message').filter({ hasText: 'is:failed' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.row('Careful work').waitFor();
  });
});
