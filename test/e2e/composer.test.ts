import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('the composer in the editor', () => {
  let workbench: Workbench;

  before(async () => {
    await sharedBench();
    workbench = await openShop();
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  const field = (frame: Frame) => frame.locator('[data-testid=composer] .composer-box textarea');

  async function startSession(): Promise<Frame> {
    const frame = await workbench.startSession('say: Ready.');
    await answersIn(frame, 'Ready.').first().waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    return frame;
  }

  /** Moves what stands in the composer into a document, which is then typed into. */
  async function moveToEditor(frame: Frame, text: string): Promise<void> {
    await field(frame).fill(text);
    await field(frame).press('Control+Shift+Alt+e');
    const lines = workbench.page.locator('.editor-instance .view-lines');
    await lines.getByText(text).waitFor();
    await lines.click();
    await workbench.page.keyboard.press('Control+End');
  }

  const untilTabs = (accept: (titles: readonly string[]) => boolean, what: string) =>
    waitFor(async () => accept(await workbench.tabs()), { what });

  const isPrompt = (title: string): boolean => title.startsWith('Prompt – ');

  /** Drags a row of the sessions to the middle of what stands somewhere else in the window, with Shift held. */
  async function dragRow(title: string, target: Locator): Promise<void> {
    const { mouse, keyboard } = workbench.page;
    const box = await target.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await workbench.row(title).hover();
    await mouse.down();
    await keyboard.down('Shift');
    // The window lets go of the page below the pointer once it has seen the key.
    for (let step = 8; step >= 0; step -= 1) await mouse.move(x - step * 10, y);
    await mouse.up();
    await keyboard.up('Shift');
  }

  it('mentions a session whose row is dragged onto it', async () => {
    const frame = await startSession();
    await dragRow(demoTitles.rounding, field(frame));
    await frame.locator('.chip-name').getByText(demoTitles.rounding).waitFor();
    assert.equal(await field(frame).inputValue(), `@"${demoTitles.rounding}" `);
  });

  it('writes a link to a session whose row is dragged onto a text', async () => {
    await workbench.runCommand('New Untitled Text File');
    const lines = workbench.page.locator('.editor-instance .view-lines');
    await lines.waitFor();
    await dragRow(demoTitles.rounding, lines);
    await lines.getByText(/:\/\/opencode-sessions\.opencode-sessions\/session\/ses_/).waitFor();
  });

  it('undoes and redoes through texts that stood there, by the keys of the editor', async () => {
    const frame = await startSession();
    await field(frame).pressSequentially('look at @help');
    await frame.locator('[data-testid=completions]').getByText('helper').first().waitFor();
    await field(frame).press('Enter');
    assert.equal(await field(frame).inputValue(), 'look at @helper ');
    await field(frame).pressSequentially('please');
    const whole = 'look at @helper please';
    const pressUntil = async (key: string, text: string): Promise<void> => {
      for (let time = 0; time < 10 && (await field(frame).inputValue()) !== text; time += 1) {
        const before = await field(frame).inputValue();
        await field(frame).press(key);
        await waitFor(async () => (await field(frame).inputValue()) !== before, { what: `what ${key} does` });
        const shown = await field(frame).inputValue();
        assert.ok(whole.startsWith(shown) || 'look at @help'.startsWith(shown), shown);
      }
      assert.equal(await field(frame).inputValue(), text);
    };
    await pressUntil('Control+z', 'look at @help');
    await pressUntil('Control+Shift+z', whole);
    await field(frame).fill('');
  });

  it('moves a prompt into a document, from which it is sent', async () => {
    const frame = await startSession();
    await moveToEditor(frame, 'say: from-');
    await workbench.page.keyboard.type('the-editor');
    await workbench.page.keyboard.press('Control+Enter');
    const shown = await workbench.transcript();
    await answersIn(shown, 'from-the-editor').first().waitFor();
    await untilTabs((titles) => !titles.some(isPrompt), 'the document to be closed');
    assert.equal(await field(shown).inputValue(), '');
  });

  it('has a prompt back that was moved into a document, over a reload of the window', async () => {
    const frame = await startSession();
    await moveToEditor(frame, 'half a');
    await workbench.page.keyboard.type(' thought');
    await workbench.page.keyboard.press('Control+s');
    await waitFor(() => workbench.hasKept('lentPrompts'), { what: 'the prompt to be written down' });
    await workbench.reload('.markdown');
    await untilTabs((titles) => titles.some(isPrompt), 'the document after the reload');
    await workbench.page.locator('.editor-instance .view-lines').getByText('half a thought').click();
    await workbench.runCommand('OpenCode: Move Prompt Back to Composer');
    const after = await workbench.transcript();
    await waitFor(async () => (await field(after).inputValue()) === 'half a thought', { what: 'the prompt' });
    await untilTabs((titles) => !titles.some(isPrompt), 'the document to be closed');
    await field(after).fill('');
  });

  it('gives a prompt back as it was saved when its tab is closed', async () => {
    const frame = await startSession();
    await moveToEditor(frame, 'kept');
    await workbench.runCommand('View: Close Editor');
    const after = await workbench.transcript();
    await waitFor(async () => (await field(after).inputValue()) === 'kept', { what: 'the prompt' });
    await field(after).fill('');
  });
});
