import assert from 'node:assert/strict';
import type { Bench } from '../workbench/bench.ts';
import { runProgram } from '../workbench/childProcess.ts';
import { openCodeBinary } from '../workbench/openCodeServer.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

// OpenCode's own command line works on the same data without our server, which hears nothing of it.
describe('what OpenCode’s own command line does', () => {
  let bench: Bench;
  let folder: string;
  let workbench: Workbench;
  let tries = 0;

  before(async () => {
    bench = await sharedBench();
    folder = await bench.shop.addFolder();
    workbench = await openShop(folder);
    await workbench.startNamed('Made here', 'say: Made in the editor.');
    await workbench.untilRowSays('Made here', /idle|finished/);
  });

  after(() => closeWindow(workbench));

  const openCode = (...args: string[]): Promise<string> =>
    // It works where the shell says that it is.
    runProgram(openCodeBinary, args, { cwd: folder, env: { ...bench.shop.environment, PWD: folder } });

  /** It would put quotes around a word with a space in it. */
  const run = (options: readonly string[], prompt: string): Promise<string> =>
    openCode('run', ...options, ...prompt.split(' '));

  async function refresh(): Promise<void> {
    await workbench.view('Sessions').hover();
    await workbench.view('Sessions').locator('.action-label[aria-label^="Refresh"]').click();
  }

  /** As OpenCode’s command line lists it. */
  async function idOf(title: string): Promise<string> {
    const listed = await openCode('session', 'list', '--format', 'json');
    const sessions = JSON.parse(listed.slice(listed.indexOf('['))) as { id: string; title: string }[];
    return (
      sessions.find((session) => session.title.startsWith(title))?.id ??
      assert.fail(`no ${title} in ${listed}`)
    );
  }

  it('is in the view after Refresh: a session that it made, and none that it deleted', async () => {
    // What an earlier try left has another name.
    const title = `Terminal ${++tries}`;
    await run(['--title', title], 'say: Made by a command.');
    await refresh();
    await workbench.untilRowSays(title, /idle|finished/);
    await workbench.openRow(title);
    await answersIn(await workbench.transcript('Made by a command.'), 'Made by a command.').waitFor();
    await openCode('session', 'delete', await idOf(title));
    await refresh();
    await workbench.row(title).waitFor({ state: 'detached' });
    await workbench.row('Made here').waitFor();
  });

  it('is said where it works, and a prompt into it is sent only after a question', async () => {
    const session = await idOf('Made here');
    const ended = run(['--session', session], 'hold: terminal ;; say: Done in the terminal.');
    await bench.shop.model.reached('terminal');
    await refresh();
    await workbench.untilRowSays('Made here', /working in another OpenCode process/);
    await workbench.openRow('Made here');
    const transcript = await workbench.transcript('Made in the editor.');
    await transcript.locator('.header-status').getByText('In another OpenCode process').waitFor();
    await workbench.say('say: A second run.', transcript);
    await workbench.dialog.getByText('may still be at work in another OpenCode process').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await transcript.locator('[data-testid=composer-problem]').getByText('It was not sent').waitFor();
    const composer = transcript.locator('[data-testid=composer] textarea');
    assert.equal(await composer.inputValue(), 'say: A second run.');

    bench.shop.model.release('terminal');
    await ended;
    await answersIn(transcript, 'Done in the terminal.').waitFor();
    await workbench.untilRowSays('Made here', /idle|finished/);
    await composer.press('Enter');
    await answersIn(transcript, 'A second run.').waitFor();
  });
});
