import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a window with several folders', () => {
  let bench: Bench;
  let workbench: Workbench;
  /** The configuration that is broken when the window opens, and what it said before. */
  let config: { readonly file: string; readonly text: string };

  before(async () => {
    bench = await sharedBench();
    const folders: string[] = [];
    for (const _ of ['linked', 'whole', 'broken']) folders.push(await bench.shop.addFolder());
    const [linked = '', whole = '', broken = ''] = folders;
    const home = dirname(linked);
    await symlink(linked, join(home, 'link'));
    const file = join(broken, 'opencode.json');
    config = { file, text: await readFile(file, 'utf8') };
    await writeFile(file, '{ "model": ');
    const workspace = join(home, 'shops.code-workspace');
    const named = [
      { name: 'Linked', path: join(home, 'link') },
      { name: 'Whole', path: whole },
      { name: 'Broken', path: broken },
    ];
    await writeFile(workspace, JSON.stringify({ folders: named }));
    workbench = await openShop(workspace);
  });

  after(() => closeWindow(workbench));

  const folderRows = async () =>
    (await workbench.rows('Sessions')).filter(({ level }) => level === 1).map(({ text }) => text);

  it('shows each of them, by the name that it has in the window', async () => {
    await waitFor(
      async () => {
        try {
          await workbench.row('Whole').waitFor({ timeout: 20_000 });
        } catch (error) {
          // An editor in a browser may open a workspace before it can read its file, and then has no folders (1.139).
          await workbench.reopen();
          await workbench.openSessionsView();
          throw error;
        }
        return true;
      },
      { what: 'the folders of the workspace' },
    );
    assert.deepEqual(await folderRows(), ['Linked', 'Whole', 'Broken']);
  });

  it('says on the row of a folder that its sessions cannot be listed, and why', async () => {
    await workbench.untilRowSays('Broken', /cannot read its configuration .*opencode\.json: .+ at line 1/);
  });

  it('starts a session in the folder that is chosen, and shows it there, also behind a link', async () => {
    await workbench.runCommand('OpenCode: New Session…');
    await workbench.pick('Linked');
    await workbench.answerInput('Linked work ;; say: done');
    await workbench.row('Linked work').waitFor();
    const rows = await workbench.rows('Sessions');
    const index = rows.findIndex(({ text }) => text.startsWith('Linked work'));
    assert.equal(rows[index]?.level, 2);
    assert.equal(rows[index - 1]?.text, 'Linked');
    assert.deepEqual(await folderRows(), ['Linked', 'Whole', 'Broken']);
  });

  it('lists the sessions of a folder whose configuration is mended when the server is restarted', async () => {
    // A session that works would be asked about.
    await workbench.untilRowSays('Linked work', /idle|finished/);
    await writeFile(config.file, config.text);
    await workbench.runCommand('OpenCode: Restart Server');
    await waitFor(
      async () => {
        // Asked where a window that was closed a moment ago still counts as connected.
        const sure = workbench.dialog.getByText('Restart', { exact: true });
        if (await sure.isVisible()) await sure.click();
        const label = await workbench.row('Broken').getAttribute('aria-label');
        return label !== null && !label.includes('cannot');
      },
      { what: 'the sessions of the folder' },
    );
  });
});
