import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeConfig } from '../workbench/shop.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a prompt that is taken back', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    const { shop } = await sharedBench();
    folder = await shop.addFolder();
    await changeConfig(folder, { snapshot: true });
    workbench = await openShop(folder);
  });

  after(() => closeWindow(workbench));

  it('shows first what changes in the files, takes them back with it, and comes back with them', async () => {
    const [edited, made] = [
      { filePath: 'README.md', oldString: '# ', newString: '# Our ' },
      { filePath: 'MADE.md', content: '# Made' },
    ].map((input) => JSON.stringify(input));
    const frame = await workbench.startSession(
      `tool: read {"filePath":"README.md"} ;; tool: edit ${edited} ;; tool: write ${made} ;; say: Made.`,
    );
    // What the turn took is told once it has settled.
    await frame.locator('.message-footer .figures').waitFor();
    const prompt = frame.locator('[data-role=user]').first();
    await prompt.hover();
    await prompt.getByTestId('revert').click();
    await workbench.pick('Show What Changes in the Files');
    const changes = workbench.page.locator('.multiDiffEntry');
    await changes.locator('.original').getByText('# Our ').waitFor();
    await waitFor(async () => (await changes.locator('.status').allInnerTexts()).join('') === 'D', {
      what: 'the mark of the file that goes',
    });
    await workbench.pick('Revert to Message');
    const field = (await workbench.transcript('Made.'))
      .getByTestId('composer')
      .locator('.composer-box textarea');
    await waitFor(async () => (await field.inputValue()).startsWith('tool: read'), {
      what: 'the prompt in the composer again',
    });
    await workbench.closeEditors();
    await workbench.openRow('tool: read');
    const reverted = await workbench.transcript('Made.');
    await reverted.locator('.message.reverted').first().waitFor();
    assert.doesNotMatch(await readFile(join(folder, 'README.md'), 'utf8'), /Our/);
    await assert.rejects(readFile(join(folder, 'MADE.md')));
    await reverted.getByTestId('revert-notice').getByRole('button', { name: 'Undo Revert' }).click();
    await workbench.pick('Undo Revert');
    await reverted.getByTestId('revert-notice').waitFor({ state: 'hidden' });
    assert.match(await readFile(join(folder, 'README.md'), 'utf8'), /Our/);
    assert.equal(await readFile(join(folder, 'MADE.md'), 'utf8'), '# Made');
  });
});
