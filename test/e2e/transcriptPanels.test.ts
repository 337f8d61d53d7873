import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Request } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { findForbidden, findInEach, hostileViews } from '../webview/hostileLook.ts';
import { closeWindow, openShop, seededFolder, sharedBench } from './sharedBench.ts';

describe('transcript panels', () => {
  let bench: Bench;
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    bench = await sharedBench();
    folder = await seededFolder();
    workbench = await openShop(folder);
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  async function open(title: string, text: string): Promise<Frame> {
    await workbench.openRow(title);
    return workbench.transcript(text);
  }

  async function startSession(text: string, shown: string): Promise<Frame> {
    await workbench.runCommand('OpenCode: New Session…');
    await workbench.answerInput(text);
    return workbench.transcript(shown);
  }

  async function tabs(): Promise<string[]> {
    return (await workbench.tabs()).filter((title) => title !== 'Welcome');
  }

  async function untilTab(title: string): Promise<void> {
    await waitFor(async () => (await tabs()).includes(title), { what: `the tab “${title}”` });
  }

  /** Goes to the end of the editor: it is this line. */
  async function untilEditorEndsWith(line: number, text: string): Promise<void> {
    const lines = workbench.page.locator('.editor-instance .view-lines');
    await lines.click();
    await workbench.page.keyboard.press('Control+End');
    await workbench.statusBarItem(`Ln ${line}, Col ${text.length + 1}`).waitFor();
    await lines.getByText(text, { exact: true }).waitFor();
  }

  it('show session after session in one preview', async () => {
    await open(demoTitles.rounding, 'round');
    await open(demoTitles.rateLimit, 'I will look at the route first');
    assert.deepEqual(await tabs(), [demoTitles.rateLimit]);
  });

  it('stay with their session once somebody types into them', async () => {
    const frame = await open(demoTitles.rounding, 'round');
    await frame.locator('[data-testid=composer] textarea').fill('half a thought');
    await open(demoTitles.rateLimit, 'I will look at the route first');
    await waitFor(async () => (await tabs()).length === 2, { what: 'a second tab' });
    const again = await open(demoTitles.rounding, 'round');
    const field = again.locator('[data-testid=composer] textarea');
    assert.equal(await field.inputValue(), 'half a thought');
    await field.fill('');
  });

  it('keep what was typed and attached over a reload of the window', async () => {
    const field = (frame: Frame) => frame.locator('[data-testid=composer] textarea');
    const before = await open(demoTitles.rounding, 'round');
    await field(before).fill('not sent yet');
    await field(before).evaluate((element) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(1000)], 'a.png', { type: 'image/png' }));
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
    });
    await waitFor(() => workbench.hasKept('a.png'), { what: 'the draft to be written down' });
    await workbench.reload();
    await workbench.openSessionsView();
    const after = await open(demoTitles.rounding, 'round');
    assert.equal(await field(after).inputValue(), 'not sent yet');
    assert.equal(await after.locator('.chip').innerText(), 'a.png');
    await after.locator('.chip button').click();
    await field(after).fill('');
  });

  it('show what was said while they were hidden', async () => {
    await startSession('say: Before. ;; hold: hidden ;; say:  And after.', 'Before.');
    await workbench.runCommand('New Untitled Text File');
    bench.shop.model.release('hidden');
    await workbench.runCommand('View: Open Previous Editor');
    const frame = await workbench.transcript();
    await answersIn(frame, 'Before. And after.').first().waitFor();
  });

  it('send what waits in the queue, each once and in its order, when the turn has settled', async () => {
    const frame = await startSession('say: Working. ;; hold: queue ;; say:  Done.', 'Working.');
    const queue = frame.locator('[data-testid=queue]');
    await workbench.say('say: queued-one');
    await queue.getByText('queued-one').waitFor();
    await workbench.say('say: queued-two');
    await queue.getByText('queued-two').waitFor();
    bench.shop.model.release('queue');
    await answersIn(frame, 'queued-one').first().waitFor();
    await answersIn(frame, 'queued-two').first().waitFor();
    const said = await frame.locator('[data-role=user]').allInnerTexts();
    const queued = said.map((text) => /queued-\w+/.exec(text)?.[0]).filter((text) => text !== undefined);
    assert.deepEqual(queued, ['queued-one', 'queued-two']);
    assert.equal(await queue.getByText('queued-').count(), 0);
  });

  it('steer a running turn', async () => {
    const frame = await startSession('tool: todowrite {"todos":[]} ;; hold: steer ;; say: First.', 'todos');
    await frame.locator('[data-testid=stop]').waitFor();
    const field = frame.locator('[data-testid=composer] textarea');
    await field.fill('say: steered-answer');
    await frame.locator('[data-testid=steer]').click();
    bench.shop.model.release('steer');
    await answersIn(frame, 'steered-answer').first().waitFor();
  });

  it('run a shell command and one of the server’s commands', async () => {
    const frame = await startSession('say: Ready.', 'Ready.');
    await answersIn(frame, 'Ready.').first().waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    await workbench.say('!echo shell-$((40+2))');
    await frame.getByText('shell-42').first().waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    await workbench.say('/tidy the shelf');
    await answersIn(frame, 'Tidied the shelf').first().waitFor();
  });

  it('run a shell command that waited in the queue, and what waits behind it', async () => {
    const frame = await startSession('say: Working. ;; hold: shell ;; say:  Done.', 'Working.');
    const queue = frame.locator('[data-testid=queue]');
    for (const text of ['!echo waited-$((40+2))', 'say: behind-it']) {
      await workbench.say(text);
      await queue.getByText(text).waitFor();
    }
    bench.shop.model.release('shell');
    await frame.getByText('waited-42').first().waitFor();
    await answersIn(frame, 'behind-it').first().waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    const field = frame.locator('[data-testid=composer] textarea');
    await field.press('ArrowUp');
    await field.press('ArrowUp');
    assert.equal(await field.inputValue(), '!echo waited-$((40+2))');
  });

  it('put a prompt back that cannot be sent, and say why', async () => {
    const frame = await startSession('say: Busy. ;; hold: busy', 'Busy.');
    const field = frame.locator('[data-testid=composer] textarea');
    await field.fill('!ls');
    await field.press('Alt+Enter');
    await frame.locator('[data-testid=composer-problem]').getByText('cannot steer').waitFor();
    assert.equal(await field.inputValue(), '!ls');
    bench.shop.model.release('busy');
  });

  it('open what an edit changed in the editor’s own diff', async () => {
    const frame = await startSession(
      'tool: read {"filePath":"README.md"} ;; tool: edit {"filePath":"README.md","oldString":"# ","newString":"# The "} ;; say: Edited.',
      'Edited.',
    );
    await frame.locator('[data-testid=open-diff]').first().click();
    await untilTab('README.md (OpenCode)');
    await workbench.page.locator('.monaco-diff-editor').getByText('# The ').first().waitFor();
  });

  it('open the whole of a long command in an editor, as it is asked for and as it ran', async () => {
    const notes = Array.from({ length: 300 }, (_, at) => `# Note ${at + 1} on what is done here`);
    const command = [...notes, 'echo whole-$((40+2))'].join('\n');
    const input = JSON.stringify({ command, description: 'Say it' });
    const asked = await startSession(`tool: bash ${input} ;; say: It ran.`, 'Allow this command to run?');
    await asked.locator('[data-testid=permission] [data-testid=show-all]').click();
    await untilTab('bash.txt');
    await untilEditorEndsWith(301, 'echo whole-$((40+2))');

    // A page that was hidden begins anew.
    await workbench.runCommand('View: Open Previous Editor');
    const ran = await workbench.transcript('Allow this command to run?');
    await ran.locator('[data-testid=permission-once]').click();
    await answersIn(ran, 'It ran.').waitFor();
    // Where what it said was seen while it ran, its card has opened by itself.
    const card = ran.locator('[data-tool=bash]');
    const head = card.locator('.disclosure-button');
    if ((await head.getAttribute('aria-expanded')) === 'false') await head.click();
    await card.getByText('whole-42').waitFor();
    await ran.locator('[data-testid=show-input]').click();
    await untilTab('command.sh');
    await untilEditorEndsWith(301, 'echo whole-$((40+2))');
  });

  it('put code at the cursor, into a file and into the clipboard, and open the file that is named', async () => {
    const { page } = workbench;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const answer = String.raw`See src/basket.ts:10.\n\n~~~ts\nexport const limit = 5;\n~~~\n\nThat is all.`;
    const frame = await startSession(`say: ${answer}`, 'That is all.');
    await answersIn(frame, 'That is all.').waitFor();
    await frame.locator('[data-code-action=copy]').click();
    await waitFor(
      async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'export const limit = 5;\n',
      { what: 'the code in the clipboard' },
    );
    await frame.locator('[data-role=assistant] .file-link').click();
    await untilTab('basket.ts');
    await workbench.statusBarItem('Ln 10, Col 1').waitFor();

    await workbench.runCommand('View: Open Previous Editor');
    await workbench.runCommand('View: Move Editor into Right Group');
    const beside = await workbench.transcript('That is all.');
    await beside.locator('[data-code-action=insert]').click();
    await page.locator('.editor-instance .view-lines').getByText('export const limit = 5;').waitFor();
    await beside.locator('[data-code-action=open]').click();
    // The editor names an unsaved file by its first line.
    await untilTab('export const limit = 5;');
    await workbench.runCommand('View: Revert and Close Editor');
  });

  it('run nothing and load nothing that a model writes, in the webview of the editor', async () => {
    const frame = await open(demoTitles.rounding, 'round');
    const requests: string[] = [];
    const note = (request: Request): void => {
      if (request.serviceWorker() === null && request.frame() === frame) requests.push(request.url());
    };
    workbench.page.on('request', note);
    await frame.evaluate(`globalThis.findForbidden = ${findForbidden.toString()}`);
    assert.deepEqual(await frame.evaluate(findInEach, hostileViews()), []);
    assert.equal(await frame.evaluate(() => 'attacked' in globalThis), false);
    workbench.page.off('request', note);
    const elsewhere = requests.filter(
      (url) => !url.startsWith('data:') && !/\/dist\/page\/\w+\.js$/.test(url),
    );
    assert.deepEqual(elsewhere, []);
  });

  it('find a word in the whole session', async () => {
    const frame = await open(demoTitles.rateLimit, 'I will look at the route first');
    await frame.locator('[data-testid=find]').click();
    await frame.locator('[data-testid=find-field]').fill('TOO MANY requests');
    await frame.locator('.find-count').getByText('1').first().waitFor();
  });

  it('complete files and agents behind an @', async () => {
    const frame = await open(demoTitles.rounding, 'round');
    const field = frame.locator('[data-testid=composer] textarea');
    await field.pressSequentially('@sign');
    const list = frame.locator('[data-testid=completions]');
    await list.getByText('signIn.ts').first().waitFor();
    await field.fill('');
    await field.pressSequentially('@help');
    await list.getByText('helper').first().waitFor();
    await field.fill('');
  });

  it('tell the beginning of a long error, and open all of it in an editor', async () => {
    const page = `<html>${'gateway '.repeat(1000)}the-very-end`;
    const frame = await startSession(`fail: 400 x* ${page}`, 'gateway');
    const failed = frame.locator('.run-error');
    await failed.locator('[data-testid=show-all]').waitFor();
    assert.equal(await failed.getByText('the-very-end').count(), 0);
    await failed.locator('[data-testid=show-all]').click();
    await untilTab('error.txt');
    await workbench.page.locator('.editor-instance .view-lines').getByText('gateway').first().waitFor();
  });

  it('show the picture that a call has read, and open it in the editor for pictures', async () => {
    const picture = Buffer.from(onePixel, 'base64');
    await writeFile(join(folder, 'pixel.png'), picture);
    const call = JSON.stringify({ filePath: join(folder, 'pixel.png') });
    const frame = await startSession(`tool: read ${call} ;; say: I have seen it.`, 'I have seen it.');
    const card = frame.locator('[data-tool=read]').first();
    await card.locator('.disclosure-button').click();
    await card.getByRole('img', { name: 'pixel.png' }).click();
    await untilTab('pixel.png');
    await workbench.statusBarItem('1x1').waitFor();
    await workbench.statusBarItem(`${picture.length}B`).waitFor();
    // Nothing but the tab is left that would wake the extension.
    await workbench.runCommand('View: Close Other Editors in Group');
    await workbench.runCommand('View: Show Explorer');
    await waitFor(async () => (await tabs()).length === 1, { what: 'the tab alone' });
    await waitFor(() => workbench.hasKept('opencode-sessions-file'), { what: 'the tab to be written down' });
    await workbench.reload();
    await untilTab('pixel.png');
    await workbench.statusBarItem('1x1').waitFor();
    await workbench.openSessionsView();
  });

  it('show a large picture that was pasted when that is asked for', async () => {
    const frame = await startSession('say: Ready.', 'Ready.');
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    await frame.locator('[data-testid=composer] textarea').evaluate(pasteNoise, [800, 600]);
    await frame.locator('.chip').getByText('noise.png').waitFor();
    await workbench.say('say: What a noise.');
    await answersIn(frame, 'What a noise.').first().waitFor();
    await frame.locator('[data-testid=show-picture]').click();
    const picture = frame.locator('[data-part-type=file]').getByRole('img', { name: 'noise.png' });
    await waitFor(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth === 800), {
      what: 'the picture',
    });
    await picture.click();
    await untilTab('noise.png');
    await workbench.statusBarItem('800x600').waitFor();
  });

  // The last one: sessions that are started after it take its model, which is given no `edit`.
  it('open what a patch changed in several files as one list of diffs', async () => {
    const frame = await startSession('say: Ready.', 'Ready.');
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    const patchText = [
      '*** Begin Patch',
      '*** Update File: src/basket.ts',
      '@@',
      '-export interface Line {',
      '+export interface BasketLine {',
      '*** Add File: CHANGES.md',
      '+# Changes of the shop',
      '*** Delete File: src/signIn.ts',
      '*** End Patch',
    ].join('\n');
    await workbench.say(`/patch tool: apply_patch ${JSON.stringify({ patchText })} ;; say: Patched.`);
    await answersIn(frame, 'Patched.').first().waitFor();
    await frame.locator('[data-tool=apply_patch] [data-testid=open-diff]').click();
    await untilTab('Changes of This Call (3 files)');
    for (const text of ['export interface BasketLine', '# Changes of the shop']) {
      await workbench.page.locator('.multiDiffEntry .modified').getByText(text).waitFor();
    }
    const marks = workbench.page.locator('.multiDiffEntry .status');
    await waitFor(async () => (await marks.allInnerTexts()).sort().join('') === 'AD', {
      what: 'the marks of the added and the deleted file',
    });
  });
});

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Pastes a picture that cannot be compressed; runs in the page. */
async function pasteNoise(target: Element, [width = 0, height = 0]: readonly number[]): Promise<void> {
  const canvas = new OffscreenCanvas(width, height);
  const noise = new ImageData(width, height);
  for (let start = 0; start < noise.data.length; start += 65_536) {
    crypto.getRandomValues(noise.data.subarray(start, start + 65_536));
  }
  for (let alpha = 3; alpha < noise.data.length; alpha += 4) noise.data[alpha] = 255;
  canvas.getContext('2d')?.putImageData(noise, 0, 0);
  const file = new File([await canvas.convertToBlob()], 'noise.png', { type: 'image/png' });
  const clipboardData = new DataTransfer();
  clipboardData.items.add(file);
  target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
}
