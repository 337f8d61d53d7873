import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { turnWith } from './continuing.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

const pictures = process.env['TEST_PICTURES'];

describe('a session for each service', () => {
  let workbench: Workbench;
  // Put together, so that no scanner takes this file for a leak.
  const secret = ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');

  before(async () => {
    const { shop } = await sharedBench();
    const folder = await shop.addFolder();
    for (const name of ['api', 'web']) {
      const service = join(folder, 'services', name);
      await mkdir(service, { recursive: true });
      await writeFile(join(service, 'package.json'), '{}');
    }
    workbench = await openShop(folder);
    // The first connection starts a server.
    await workbench.startNamed('At the root', 'say: Here.');
    await workbench.untilRowSays('At the root', /idle|finished/);
  });

  after(() => closeWindow(workbench));

  const picture = async (name: string): Promise<void> => {
    if (pictures !== undefined) await workbench.screenshot(join(pictures, `${name}.png`));
  };
  const lens = (text: string) =>
    workbench.activeGroup.locator('.codelens-decoration a').filter({ hasText: text });
  const told = () => workbench.activeGroup.locator('.monaco-editor .view-lines').innerText();

  it('is begun from its folder in the explorer, by a brief that keeps a secret back', async () => {
    const { page } = workbench;
    await page.keyboard.press('Control+Shift+E');
    const explorer = page.locator('.explorer-folders-view .monaco-list-row');
    const services = explorer.filter({ hasText: 'services' }).first();
    await services.waitFor();
    const api = explorer.filter({ hasText: /^api$/ }).first();
    await waitFor(
      async () => {
        if (!(await api.isVisible())) await services.click();
        await api.waitFor({ timeout: 3000 });
        return true;
      },
      { what: 'the folder of the service' },
    );
    await workbench.pickFromMenu(api, 'OpenCode Session for This Folder…');
    await picture('ways');
    await workbench.pick('Write a Brief');
    await lens('in a new session for “services/api”').first().waitFor();
    await picture('brief');
    await page.keyboard.press('Control+A');
    // What stands in the front matter stays as the server found it: who answers is named there.
    const brief = [
      '# Orders',
      '## What',
      'say: The orders are built.',
      '## Acceptance',
      `- paid with ${secret}`,
    ];
    await page.keyboard.insertText(`---\n---\n${brief.join('\n\n')}\n`);
    await picture('secret');
    await lens('sends to').first().click();
    await workbench.dialog.getByText('Send what looks like a secret').waitFor();
    await picture('asked');
    assert.match(await workbench.dialog.innerText(), /Line \d+: a Stripe key/);
    assert.ok(!(await workbench.dialog.innerText()).includes(secret));
    await page.keyboard.press('Escape');
    await workbench.dialog.waitFor({ state: 'detached' });
    assert.ok((await told()).includes('Orders'), 'the brief stays');
    await workbench.activeGroup.locator('.monaco-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      `---\n---\n${brief.slice(0, -1).join('\n\n')}\n\n- paid with STRIPE_KEY\n`,
    );
    await lens('sends to').first().click();
    await workbench.transcript('The orders are built.');
    const turn = await turnWith('paid with STRIPE_KEY');
    assert.ok(!JSON.stringify(turn.messages).includes(secret));
    assert.match(turn.system, /services\/api/, 'it works in the folder of the service');
  });

  it('stands below its service, also after a reload, until it is to be otherwise', async () => {
    await workbench.openSessionsView();
    await workbench.runCommand('OpenCode: Group Sessions by Service');
    const rows = async () =>
      (await workbench.rows('Sessions')).map(({ text, level }) => [text.split(' ;; ')[0], level]);
    const grouped = [
      ['services/api', 1],
      ['Orders', 2],
      ['services/web', 1],
      ['At the root', 1],
    ];
    const untilGrouped = () =>
      waitFor(async () => JSON.stringify(await rows()) === JSON.stringify(grouped), {
        what: 'the grouped rows',
      });
    await untilGrouped();
    await workbench.untilRowSays('Orders', /idle|finished/);
    await picture('grouped');
    await workbench.reload();
    await workbench.openSessionsView();
    await untilGrouped();
    await workbench.pickFromMenu(workbench.row('services/api'), 'OpenCode Session for This Folder…');
    await workbench.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'Fresh Session' })
      .waitFor();
    await picture('choice');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('OpenCode: Do Not Group Sessions by Service');
    await workbench.row('Elsewhere in This Project').waitFor();
  });
});
