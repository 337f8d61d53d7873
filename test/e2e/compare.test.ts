import assert from 'node:assert/strict';
import { changeConfig } from '../workbench/shop.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { turnWith } from './continuing.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

const write = (name: string, content: string): string =>
  `tool: write ${JSON.stringify({ filePath: name, content })}`;

describe('approaches side by side', () => {
  let workbench: Workbench;

  before(async () => {
    const { shop } = await sharedBench();
    const folder = await shop.addFolder();
    // What each changed is told by snapshots of the files.
    await changeConfig(folder, { snapshot: true });
    workbench = await openShop(folder);
  });

  after(() => closeWindow(workbench));

  /** Puts this tab in front, and presses the lens in its editor. */
  const pressLens = async (tab: string, lens: string): Promise<void> => {
    await workbench.page.locator('.tab').filter({ hasText: tab }).first().click();
    const link = workbench.activeGroup.locator('.codelens-decoration a').filter({ hasText: lens }).first();
    // The editor draws what is in view, a moment later; those of each session stand below the tables.
    const { keyboard } = workbench.page;
    const isShown = (): Promise<boolean> =>
      link.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    await keyboard.press('Control+Home');
    await waitFor(
      async () => {
        if (!(await isShown())) {
          await keyboard.press('PageDown');
          return false;
        }
        await link.click({ timeout: 5000 });
        return true;
      },
      { what: `the lens “${lens}”` },
    );
  };

  /** Starts two approaches in the draft that asks for them, one after the other. */
  async function startApproaches(): Promise<void> {
    const { shop } = await sharedBench();
    const frame = await workbench.startSession('say: Lists or maps?');
    await answersIn(frame, 'Lists or maps?').waitFor();
    await workbench.runCommand('OpenCode: Fork into Approaches…');
    const draft = workbench.activeGroup;
    await draft.locator('.selected-text').first().waitFor();
    const { keyboard } = workbench.page;
    await keyboard.insertText(`${write('lists.md', '# Lists')} ;; say: Lists are short.`);
    await keyboard.press('Tab');
    // Begun at the same time in one folder: what the first writes, the snapshots of the second see, too.
    await keyboard.insertText(`hold: maps ;; ${write('maps.md', '# Maps')} ;; say: Maps are fast.`);
    await draft.locator('.codelens-decoration').filter({ hasText: 'starts 2 forks' }).waitFor();
    await keyboard.press('Control+Enter');
    await turnWith('Lists are short');
    await workbench.untilRowSays('Approach A', /\d files? changed/);
    shop.model.release('maps');
    await workbench.untilRowSays('Approach B', /\d files? changed/);
  }

  it('are compared, one is brought back to where they came from, and one is kept', async () => {
    await startApproaches();
    await workbench.pickFromMenu(workbench.row('Approach A'), 'Compare Approaches…');
    const document = workbench.activeGroup.locator('.view-lines');
    await document.getByText('2 ways to go on from').waitFor();
    // A narrow editor breaks the lines of a table.
    const text = (await document.innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /State \| settled \| settled/);
    assert.match(text, /Changed \| 1 file \+1 −0 \| 1 file \+1 −0/);

    await pressLens('Comparison of', 'Files Side by Side');
    const files = workbench.page.locator('.multiDiffEntry');
    await files.getByText('only Approach A').first().waitFor();
    await files.getByText('only Approach B').first().waitFor();

    await pressLens('Comparison of', 'Answers Side by Side');
    // What differs within a line is marked, in pieces of its own.
    const answer = workbench.page
      .locator('.monaco-diff-editor .view-line')
      .filter({ hasText: 'Maps are fast.' });
    await answer.first().waitFor();

    await pressLens('Comparison of', 'Bring Findings Back…');
    const draft = workbench.activeGroup;
    await draft.locator('.codelens-decoration').filter({ hasText: 'marked as from the fork' }).waitFor();
    await draft.locator('.view-line').filter({ hasText: 'Lists are short.' }).first().waitFor();
    await draft.locator('.view-lines').click();
    await workbench.page.keyboard.press('Control+Enter');
    await waitFor(async () => (await workbench.tabs()).every((tab) => !tab.startsWith('Findings')), {
      what: 'the draft to close',
    });

    await pressLens('Comparison of', 'Keep This One…');
    await workbench.untilRowSays('Approach A', /kept of several approaches/);
    const rows = await workbench.rows('Sessions');
    assert.ok(rows.some(({ text: title }) => title === 'Archived'));
    assert.ok(rows.every(({ text: title }) => !title.endsWith('Approach B')));

    await workbench.openRow('Lists or maps?');
    const source = await workbench.transcript('Lists are short.');
    await source.getByText('lists.md').first().waitFor();
  });
});
