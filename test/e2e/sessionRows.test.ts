import assert from 'node:assert/strict';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('the rows of sessions', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  async function startAll(names: readonly string[], ...script: string[]): Promise<void> {
    for (const name of names) await workbench.startNamed(name, ...script);
  }

  async function select(...names: readonly string[]): Promise<void> {
    const [first = '', ...others] = names;
    await workbench.row(first).click();
    for (const name of others) await workbench.row(name).click({ modifiers: ['ControlOrMeta'] });
  }

  async function untilTabs(count: number): Promise<string[]> {
    const shown = async () => (await workbench.tabs()).filter((title) => title !== 'Welcome');
    await waitFor(async () => (await shown()).length === count, { what: `${count} tabs` });
    return shown();
  }

  it('give their session a panel of its own by a double click, and the next one another', async () => {
    await startAll(['First row', 'Second row'], 'say: done');
    await waitFor(
      async () => {
        // On a busy machine the two clicks may arrive too far apart to be a double one.
        await workbench.closeEditors();
        await workbench.row('First row').dblclick();
        await workbench.transcript('First row');
        await workbench.openRow('Second row');
        return (await workbench.tabs()).length === 2;
      },
      { timeout: 120_000, what: 'the session to have a panel of its own' },
    );
    await workbench.transcript('Second row');
    const [first, second] = await untilTabs(2);
    assert.match(first ?? '', /^First row/);
    assert.match(second ?? '', /^Second row/);
  });

  it('leave a panel to its session whose tab is pinned', async () => {
    await workbench.openRow('First row');
    await workbench.transcript('First row');
    await workbench.runCommand('View: Pin Editor');
    await workbench.page.locator('.tab.sticky').waitFor();
    // A pinned tab would outlive "Close All Editors".
    await workbench.runCommand('View: Unpin Editor');
    await workbench.openRow('Second row');
    await workbench.transcript('Second row');
    await untilTabs(2);
  });

  it('are stopped together when they are selected', async () => {
    await startAll(['Endless one', 'Endless two'], 'hold: for ever', 'say: done');
    await workbench.untilRowSays('Endless one', /working/);
    await select('Endless one', 'Endless two');
    await workbench.pickFromMenu(workbench.row('Endless two'), 'Stop Session');
    await workbench.untilRowSays('Endless one', /idle|stopped/);
    await workbench.untilRowSays('Endless two', /idle|stopped/);
  });

  it('go into the archive together when they are selected', async () => {
    await select('Endless one', 'Endless two');
    await workbench.pickFromMenu(workbench.row('Endless one'), 'Archive Session');
    await workbench.row(/^Archived\s*2/).waitFor();
    assert.equal(await workbench.row('Endless').count(), 0);
  });

  it('are deleted together by the Delete key, and a notification names them', async () => {
    await waitFor(
      async () => {
        // A transcript that opens by the click takes the keyboard a moment later.
        if ((await workbench.row('First row').count()) > 0) {
          await select('First row', 'Second row');
          await workbench.page.keyboard.press('Delete');
        }
        await workbench.row('First row').waitFor({ state: 'detached', timeout: 5000 });
        return true;
      },
      { what: 'the rows to be put away' },
    );
    await workbench.row('Second row').waitFor({ state: 'detached' });
    await (await workbench.notification('2 sessions are deleted in ten seconds')).waitFor();
    await workbench.row(/^Archived\s*2/).waitFor();
  });

  it('copy their session as Markdown, with what was asked and answered', async () => {
    const { page } = workbench;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.startNamed(
      'Copied',
      'tool: bash {"command":"true","description":"Do nothing"}',
      'say: **All** is said.',
    );
    const transcript = await workbench.transcript('Copied');
    await transcript.getByTestId('permission-once').click();
    await answersIn(transcript, 'All is said.').waitFor();
    await workbench.pickFromMenu(workbench.row('Copied'), 'Copy Session as Markdown');
    await (await workbench.notification('is on the clipboard, as Markdown')).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^# .*Copied[\s\S]+\n## You\n[\s\S]+\n> - Ran `true`[\s\S]+\*\*All\*\* is said\./);
  });

  it('are not needed to hear of a request: a notification leads to the session', async () => {
    await workbench.startNamed(
      'Asking',
      'hold: asking',
      'tool: bash {"command":"echo asked","description":"Ask"}',
      'say: done',
    );
    await workbench.startNamed('Looked at', 'say: done');
    await workbench.transcript('Looked at');
    bench.shop.model.release('asking');
    await workbench.untilRowSays('Asking', /waits for your permission/);
    const notification = await workbench.notification('Run echo asked?');
    await notification.getByRole('button', { name: 'Review…' }).click();
    const transcript = await workbench.transcript('Asking');
    await transcript.getByText('echo asked').first().waitFor();
    await notification.waitFor({ state: 'detached' });
  });

  it('bring no notification of what is asked in the transcript that is looked at', async () => {
    await workbench.startNamed('Seen', 'tool: bash {"command":"echo seen","description":"Ask"}', 'say: done');
    const transcript = await workbench.transcript('Seen');
    await transcript.getByText('echo seen').first().waitFor();
    await workbench.untilRowSays('Seen', /waits for your permission/);
    assert.equal(await (await workbench.notification('Run echo seen?')).count(), 0);
  });

  it('bring one when the transcript lies behind another editor', async () => {
    await workbench.startNamed(
      'Hidden',
      'hold: hidden',
      'tool: bash {"command":"echo hidden","description":"Ask"}',
      'say: done',
    );
    await workbench.transcript('Hidden');
    await workbench.runCommand('New Untitled Text File');
    bench.shop.model.release('hidden');
    await workbench.untilRowSays('Hidden', /waits for your permission/);
    await (await workbench.notification('Run echo hidden?')).waitFor();
  });
});
