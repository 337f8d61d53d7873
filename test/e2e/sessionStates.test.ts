import assert from 'node:assert/strict';
import type { Bench } from '../workbench/bench.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a session that works', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop();
    await workbench.row(demoTitles.rateLimit).waitFor();
  });

  after(() => closeWindow(workbench));

  /** Starts a session whose title begins with `name`, with a script for the model. */
  async function start(name: string, ...script: string[]): Promise<void> {
    await workbench.runCommand('OpenCode: New Session…');
    await workbench.answerInput([name, ...script].join(' ;; '));
    await workbench.row(name).waitFor();
  }

  /** Waits until the row of a session says this to a screen reader. */
  async function says(name: string, words: RegExp): Promise<void> {
    await waitFor(async () => words.test((await workbench.row(name).getAttribute('aria-label')) ?? ''), {
      what: `the row “${name}” to say ${words}`,
    });
  }

  it('says so on its row, and that it is idle when it is done', async () => {
    await start('Held work', 'hold: held', 'say: done');
    await says('Held work', /working/);
    bench.shop.model.release('held');
    await says('Held work', /idle|finished/);
  });

  it('is stopped from its row', async () => {
    await start('Endless work', 'hold: endless', 'say: done');
    await says('Endless work', /working/);
    await workbench.pickFromMenu(workbench.row('Endless work'), 'Stop Session');
    await says('Endless work', /idle|finished/);
  });

  it('tells that its run failed, and why', async () => {
    await start('Doomed work', 'fail: 400 x* the model is out of order');
    await says('Doomed work', /failed: .*out of order/);
  });

  it('asks for a permission on its row, and goes on when it is answered there', async () => {
    await start('Careful work', 'tool: bash {"command":"echo careful","description":"Say it"}', 'say: done');
    await says('Careful work', /waits for your permission/);
    await workbench.pickFromMenu(workbench.row('Careful work'), 'Answer…');
    await workbench.pick('Allow Once');
    await says('Careful work', /idle|finished/);
  });

  it('is deleted after a question, and is gone from the tree', async () => {
    await start('Short work', 'say: done');
    await says('Short work', /idle|finished/);
    await workbench.pickFromMenu(workbench.row('Short work'), 'Delete…');
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await workbench.row('Short work').waitFor({ state: 'detached' });
  });

  it('is found by a filter, which leaves out all else until it is cleared', async () => {
    await workbench.runCommand('OpenCode: Filter Sessions…');
    await workbench.answerInput('careful');
    await waitFor(async () => (await workbench.rows('Sessions')).length === 1, {
      what: 'one row to be left',
    });
    assert.match((await workbench.rows('Sessions'))[0]?.text ?? '', /Careful work/);
    await workbench.runCommand('OpenCode: Clear Filter');
    await workbench.row('Doomed work').waitFor();
  });
});
