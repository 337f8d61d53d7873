import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workbench } from '../workbench/workbench.ts';
import { answersIn } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('sessions of other folders of the project', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = await (await sharedBench()).shop.addFolder();
    const below = await openShop(join(folder, 'src'));
    await below.startNamed('Work below', 'say: Made in a sub-folder.');
    await below.untilRowSays('Work below', /idle|finished/);
    await closeWindow(below);
    workbench = await openShop(folder);
  });

  after(() => closeWindow(workbench));

  it('stand in a closed group, of which an otherwise empty view tells', async () => {
    await workbench.row('Elsewhere in This Project').waitFor();
    await workbench
      .view('Sessions')
      .getByText('There are no sessions in this folder yet; elsewhere in this project: 1.')
      .waitFor();
    assert.deepEqual(
      (await workbench.rows('Sessions')).map(({ text }) => text),
      ['Elsewhere in This Project'],
    );
  });

  it('say in which folder they are, and that no more is known of them before they are opened', async () => {
    await workbench.expand(workbench.row('Elsewhere in This Project'));
    await workbench.untilRowSays('Work below', /not known before it is opened.*, in the folder src/);
  });

  it('work as others do once they are opened, in their own folder', async () => {
    await workbench.openRow('Work below');
    const transcript = await workbench.transcript('Made in a sub-folder.');
    await workbench.untilRowSays('Work below', /idle|finished/);
    const command = JSON.stringify({ command: 'pwd > where.txt', description: 'Says where' });
    await workbench.say(`tool: bash ${command} ;; say: Done below.`, transcript);
    await workbench.untilRowSays('Work below', /permission/);
    await transcript.getByRole('button', { name: 'Allow Once' }).click();
    await answersIn(transcript, 'Done below.').waitFor();
    assert.equal((await readFile(join(folder, 'src', 'where.txt'), 'utf8')).trim(), join(folder, 'src'));
    await workbench.untilRowSays('Work below', /idle|finished/);
  });

  it('are told of after a reload, too, where one stands open', async () => {
    // An earlier try may have lost it.
    await workbench.expand(workbench.row('Elsewhere in This Project'));
    await workbench.openRow('Work below');
    await workbench.reload('Work below');
    await workbench.openSessionsView();
    await workbench.transcript('Made in a sub-folder.');
    await workbench.expand(workbench.row('Elsewhere in This Project'));
    await workbench.untilRowSays('Work below', /idle|finished/);
  });

  it('are begun beside them, in the folder of the window', async () => {
    await workbench.startNamed('Work here', 'say: Made at the root.');
    const rows = await workbench.rows('Sessions');
    assert.deepEqual(
      rows.map(({ text, level }) => [text.split(' ;; ')[0], level]),
      [
        ['Work here', 1],
        ['Elsewhere in This Project', 1],
        ['Work below', 2],
      ],
    );
  });
});
