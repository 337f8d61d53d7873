import assert from 'node:assert/strict';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

/** What a hostile workspace brings: a task, and an automation that runs it as soon as a session settles. */
const settings = {
  'opencodeSessions.automations': {
    deploy: { on: 'settled', do: [{ task: 'deploy' }], debounce: 0 },
    typo: { on: 'setled', do: [{ task: 'deploy' }] },
  },
};
const deploy = { label: 'deploy', type: 'shell', command: 'echo deployed >> ran.txt', problemMatcher: [] };

describe('the automations of a workspace, with two windows open', () => {
  let folder: string;
  let windows: Workbench[] = [];

  before(async () => {
    const { shop } = await sharedBench();
    folder = await shop.addFolder();
    await mkdir(join(folder, '.vscode'), { recursive: true });
    await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
    await writeFile(
      join(folder, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [deploy] }, null, 2),
    );
    for (const _ of ['one', 'two']) windows.push(await openShop(folder));
  });

  after(async () => {
    for (const window of windows) await closeWindow(window);
  });

  const deployments = async (): Promise<number> => {
    const file = join(folder, 'ran.txt');
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    return isThere ? (await readFile(file, 'utf8')).trim().split('\n').length : 0;
  };

  const row = (window: Workbench, text: string | RegExp) =>
    window.view('Automations').locator('.monaco-list-row').filter({ hasText: text }).first();

  it('run nothing until approved, and then once for each session that settles', async () => {
    const [one, two] = windows;
    assert.ok(one !== undefined && two !== undefined);
    await one.runCommand('OpenCode: Show Automations');
    await row(one, 'typo').filter({ hasText: 'There is no event' }).waitFor();
    if ((await row(one, 'not approved by you').count()) > 0) {
      await one.startNamed('Tea', 'say: Tea is ready.');
      await two.untilRowSays('Tea', /idle|finished/);
      assert.equal(await deployments(), 0);
      await one.runCommand('OpenCode: Approve Automation…');
      await one.pick('deploy');
      await one.dialog.getByText('echo deployed >> ran.txt').first().waitFor();
      await one.dialog.getByRole('button', { name: 'Approve' }).click();
    }
    await waitFor(
      async () => {
        for (const window of windows) {
          await window.runCommand('OpenCode: Show Automations');
          if ((await row(window, 'not approved by you').count()) > 0) return false;
        }
        return true;
      },
      { what: 'the approval in both windows' },
    );
    const before = await deployments();
    await two.startNamed('Coffee', 'say: Coffee is ready.');
    // Nothing has run twice as long as the runs and what they did are as many.
    await waitFor(async () => (await deployments()) > before, { what: 'the task' });
    await one.row('Coffee').waitFor();
    const deployed = row(one, 'deploy').filter({ hasText: 'succeeded' });
    await deployed.waitFor();
    await one.expand(deployed);
    await row(one, /“Coffee.*” settled\./)
      .filter({ hasText: 'succeeded' })
      .waitFor();
    // Another settles in both windows: what the first one did is known to its end by then.
    await one.startNamed('Cocoa', 'say: Cocoa is ready.');
    await row(one, /“Cocoa.*” settled\./)
      .filter({ hasText: 'succeeded' })
      .waitFor();
    assert.equal(await deployments(), before + 2);
  });
});
