import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { changeConfig } from '../workbench/shop.ts';
import { tillServer } from '../workbench/tillServer.ts';
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
    const folder = await bench.shop.addFolder();
    await changeConfig(folder, tillServer);
    workbench = await openShop(folder);
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
    assert.match(await message.innerText(), /Which layout\? \[See both layouts\] \$\(check\)\\u202e$/);
  });

  it('are no link in an input box, and no icon', async () => {
    await workbench.pickFromMenu(workbench.row('Asking'), 'Answer Permission or Question…');
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
    await workbench.pickFromMenu(workbench.row('Choosing'), 'Answer Permission or Question…');
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

  it('are a call of a tool with its arguments, wherever it is allowed', async () => {
    await startUnseen('Paying', 'tool: till_pay {"account":"NL01","amount":5}', 'say: done');
    await workbench.untilRowSays('Paying', /waits for your permission/);
    const notification = await workbench.notification('Use till_pay: account: "NL01", amount: 5?');
    await notification.waitFor();
    assert.deepEqual(await buttonsOf(notification), ['Allow Once', 'Reject', 'Review…']);
    await workbench.pickFromMenu(workbench.row('Paying'), 'Answer Permission or Question…');
    const title = workbench.page.locator('.quick-input-widget:visible .quick-input-title');
    const asked = ': Use till_pay: account: "NL01", amount: 5?';
    await waitFor(async () => (await title.innerText()).endsWith(asked), {
      what: 'the call in the title',
    });
    await workbench.pick('Review…');
    const transcript = await workbench.transcript('till_pay');
    const card = transcript.locator('[data-testid=permission]');
    await card.getByText('"account": "NL01"').waitFor();
    assert.match(await transcript.locator('[data-tool=till_pay]').innerText(), /account: "NL01", amount: 5/);
    await card.getByTestId('permission-once').click();
    await workbench.untilRowSays('Paying', /idle|finished/);
  });

  it('are not allowed where some of them cannot be seen', async () => {
    const command = `echo "${' '.repeat(1100)}" && touch hidden-file`;
    await startUnseen(
      'Hiding',
      `tool: bash ${JSON.stringify({ command, description: 'Say it' })}`,
      'say: done',
    );
    await workbench.untilRowSays('Hiding', /waits for your permission/);
    const notification = await workbench.notification('touch hidden-file?');
    await notification.waitFor();
    assert.deepEqual(await buttonsOf(notification), ['Review…', 'Reject']);
    await workbench.pickFromMenu(workbench.row('Hiding'), 'Answer Permission or Question…');
    const choices = workbench.page.locator('.quick-input-list .monaco-list-row .label-name:visible');
    await choices.first().waitFor();
    assert.deepEqual(await choices.allInnerTexts(), ['Review…', 'Reject', 'Reject and Say Why…']);
    await workbench.pick('Reject');
    await workbench.untilRowSays('Hiding', /rejected|idle|finished/);
  });
});

function buttonsOf(notification: Locator): Promise<string[]> {
  return notification.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
}
