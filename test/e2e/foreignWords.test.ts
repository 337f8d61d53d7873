import assert from 'node:assert/strict';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

/** A link that the editor would open without a word, under a title that hides where it leads. */
const link = '[See both layouts](command:workbench.action.terminal.new "Compare")';

function ask(question: string, ...options: string[]): string {
  const labels = options.map((label) => ({ label, description: `$(check) ${label}` }));
  return `tool: question ${JSON.stringify({ questions: [{ header: link, question, options: labels }] })}`;
}

describe('words of a model', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  after(() => closeWindow(workbench));

  /** Starts a session that goes on with `script` once nobody looks at it. */
  async function startUnseen(name: string, ...script: string[]): Promise<void> {
    await workbench.startNamed(name, `hold: ${name}`, ...script);
    await workbench.closeEditors();
    bench.shop.model.release(name);
  }

  it('are no link in a notification', async () => {
    await startUnseen('Asking', ask(`Which layout? ${link} $(check)\u202e`), 'say: done');
    await workbench.untilRowSays('Asking', /waits for your answer/);
    const notification = await workbench.notification('Which layout?');
    await notification.waitFor();
    const message = notification.locator('.notification-list-item-message');
    assert.equal(await message.locator('a').count(), 0);
    assert.match(
      await message.innerText(),
      /Which layout\? \[See both layouts\] \(command:.* \$\(check\)\\u202e$/,
    );
  });

  it('are no link in an input box, and no icon', async () => {
    await workbench.pickFromMenu(workbench.row('Asking'), 'Answer…');
    await workbench.quickInput.waitFor();
    const widget = workbench.page.locator('.quick-input-widget:visible');
    const message = widget.locator('.quick-input-message');
    await waitFor(async () => (await message.innerText()).includes('Which layout?'), {
      what: 'the question',
    });
    assert.equal(await message.locator('a, .codicon-check').count(), 0);
    assert.match(await message.innerText(), /\$\(check\)\\u202e/);
    assert.match(await widget.locator('.quick-input-title').innerText(), /See both layouts/);
    await workbench.answerInput('Neither');
    await workbench.untilRowSays('Asking', /idle|finished/);
  });

  it('are no icon in a quick pick', async () => {
    await startUnseen('Choosing', ask('Which?', '$(trash) Left', 'Right'), 'say: done');
    await workbench.untilRowSays('Choosing', /waits for your answer/);
    await workbench.pickFromMenu(workbench.row('Choosing'), 'Answer…');
    const row = workbench.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'Left' })
      .first();
    await row.waitFor();
    assert.match(await row.innerText(), /\$\(trash\) Left\s+\$\(check\) \$\(trash\) Left/);
    assert.equal(await row.locator('.codicon-trash, .codicon-check').count(), 0);
    await workbench.pick('Right');
    await workbench.untilRowSays('Choosing', /idle|finished/);
  });
});
