import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a session in OpenCode’s own terminal', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
  });

  after(() => closeWindow(workbench));

  it('is the same session: what is typed there is seen in the editor', async () => {
    const { shop } = await sharedBench();
    const transcript = await workbench.startSession('say: Begun in the editor.');
    await answersIn(transcript, 'Begun in the editor.').waitFor();
    await workbench.runCommand('OpenCode: Open Session in Terminal');
    const screen = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
    // What it draws last is ready to be typed into.
    await screen.getByText('commands').waitFor();
    await screen.getByText('Begun in the editor.').first().waitFor();
    await workbench.page.locator('.terminal-wrapper.active .xterm-screen').click();
    await workbench.page.keyboard.type('say: Typed in the terminal.');
    await screen.getByText('say: Typed in the terminal.').waitFor();
    await workbench.page.keyboard.press('Enter');
    await answersIn(transcript, 'Typed in the terminal.').waitFor();

    const [pid] = await shop.mark.find('opencode attach');
    assert.ok(pid !== undefined, 'the terminal’s program is found');
    const password = await waitFor(() => passwordOf(pid), { what: 'the password in its environment' });
    assert.ok(!(await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(password));
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    await waitFor(async () => (await shop.mark.find('opencode attach')).length === 0, {
      what: 'the end of the terminal',
    });
  });
});

async function passwordOf(pid: number): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  return /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment)?.[1];
}
