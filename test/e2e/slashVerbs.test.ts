import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop } from './sharedBench.ts';

describe('what is typed behind a slash', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  const composerOf = (frame: Frame) => frame.locator('[data-testid=composer] .composer-box textarea');

  function untilComposerHas(frame: Frame, text: string): Promise<unknown> {
    return waitFor(async () => (await composerOf(frame).inputValue()) === text, {
      what: `“${text}” in the composer`,
    });
  }

  /** A session that has answered once and rests. */
  async function startIdle(answer: string): Promise<Frame> {
    const frame = await workbench.startSession(`say: ${answer}`);
    await answersIn(frame, answer).first().waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    return frame;
  }

  it('renames a session by the keyboard alone', async () => {
    await workbench.openRow(demoTitles.rateLimit);
    const frame = await workbench.transcript('I will look at the route first');
    await composerOf(frame).fill('');
    await composerOf(frame).pressSequentially('/ren');
    await frame.getByRole('option', { name: '/rename' }).waitFor();
    await composerOf(frame).press('Enter');
    await composerOf(frame).pressSequentially('Named by a slash');
    await composerOf(frame).press('Enter');
    await workbench.row('Named by a slash').waitFor();
    await untilComposerHas(frame, '');
  });

  it('relays to the agent that is named, with the text behind it', async () => {
    const frame = await startIdle('Ready to be checked.');
    await workbench.say('/relay reviewer say: Checked by the reviewer.', frame);
    await answersIn(frame, 'Checked by the reviewer.').first().waitFor();
    await untilComposerHas(frame, '');
  });

  it('asks about a command that there is not, and keeps the text of whoever leaves', async () => {
    const frame = await startIdle('Ready to be asked.');
    await workbench.say('/compactt', frame);
    await workbench.quickInput.waitFor();
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    assert.match((await rows.allInnerTexts()).join(), /Run \/compact[^]*Send as Text/);
    await workbench.page.keyboard.press('Escape');
    await untilComposerHas(frame, '/compactt');
    await workbench.say('/redoo', frame);
    await workbench.pick('Run /redo');
    await frame.locator('[data-testid=composer-problem]').getByText('Nothing was taken back.').waitFor();
    await untilComposerHas(frame, '/redoo');
    await workbench.say('/greet', frame);
    await workbench.pick('Send as Text');
    await frame.locator('[data-role=user]').getByText('/greet').first().waitFor();
    await untilComposerHas(frame, '');
  });
});
