import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { pickWay, turnWith } from './continuing.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('hands that stay on the keyboard', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  /** Waits until the keys of the window go to what has the focus in a transcript, and that is this. */
  async function untilFocused(frame: Frame, selector: string): Promise<void> {
    await waitFor(
      () =>
        frame.evaluate(
          (wanted) => document.hasFocus() && document.activeElement?.matches(wanted) === true,
          selector,
        ),
      { what: `the focus on ${selector}` },
    );
  }

  const prompt = '.composer-box > textarea';

  const press = (...keys: string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => workbench.page.keyboard.press(key)), Promise.resolve());

  const type = (text: string): Promise<void> => workbench.page.keyboard.type(text);

  async function openNew(): Promise<void> {
    await press('Control+Alt+N');
    await workbench.quickInput.waitFor();
  }

  /** Starts a session as a person does who does not touch the mouse; answers with its transcript. */
  async function startByKeys(name: string, ...script: string[]): Promise<Frame> {
    await openNew();
    await type([name, ...script].join(' ;; '));
    await press('Enter');
    const frame = await workbench.transcript(name);
    await untilFocused(frame, prompt);
    return frame;
  }

  /** A session that has given this answer, and rests. */
  async function startIdle(name: string, answer: string): Promise<Frame> {
    const frame = await startByKeys(name, `say: ${answer}`);
    await answersIn(frame, answer).first().waitFor();
    await workbench.untilRowSays(name, /idle|finished/);
    return frame;
  }

  /** Two clicks: on the button of a row, and on one of the ways to go on. */
  async function clickWay(name: string, way: string): Promise<void> {
    await workbench.pressOnRow(workbench.row(name), 'Continue Session…');
    await pickWay(workbench, way);
  }

  /** Waits until the keys of the window go to a draft, which says where it is sent. */
  async function untilWriting(name: string): Promise<void> {
    const group = workbench.activeGroup;
    await group.locator('.tab.active').filter({ hasText: name }).waitFor();
    await group.locator('.codelens-decoration').first().waitFor();
    const isThere = (): Promise<boolean> =>
      workbench.page.evaluate(
        () =>
          document.activeElement?.closest('.editor-group-container.active .monaco-editor') instanceof Element,
      );
    await waitFor(isThere, { what: `the focus in the draft ${name}` });
  }

  async function untilAsked(title: RegExp): Promise<void> {
    await workbench.page.locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  it('start a session with its first prompt', async () => {
    const frame = await startByKeys('Asked at once', 'say: heard you');
    await answersIn(frame, 'heard you').first().waitFor();
  });

  it('start a session and type its first prompt there', async () => {
    await openNew();
    await press('Enter');
    const frame = await workbench.transcript('No messages yet');
    await untilFocused(frame, prompt);
    await type('say: heard you there');
    await press('Enter');
    await answersIn(frame, 'heard you there').first().waitFor();
  });

  it('allow a command', async () => {
    const frame = await startByKeys(
      'Asking',
      'tool: bash {"command":"echo allowed","description":"Say it"}',
      'say: done',
    );
    await frame.getByTestId('permission').waitFor();
    await frame.locator('.request.fresh').waitFor({ state: 'detached' });
    await press('Control+Enter');
    await answersIn(frame, 'done').first().waitFor();
  });

  it('stop a run', async () => {
    const frame = await startByKeys('Endless', 'hold: by-keys', 'say: done');
    await frame.getByTestId('stop').waitFor();
    await untilFocused(frame, prompt);
    await press('Escape');
    await frame.getByTestId('stop-hint').waitFor();
    await press('Escape');
    await frame.getByTestId('stop').waitFor({ state: 'hidden' });
    await frame.getByText('Stopped by you').first().waitFor();
  });

  it('go to the request of the session that waits', async () => {
    await startByKeys('Waiting', 'tool: bash {"command":"echo waited","description":"Say it"}', 'say: done');
    await workbench.untilRowSays('Waiting', /waits for your permission/);
    await workbench.closeEditors();
    await press('Control+Alt+U');
    const frame = await workbench.transcript('echo waited');
    await untilFocused(frame, '[data-testid=permission]');
    await frame.locator('.request.fresh').waitFor({ state: 'detached' });
    await press('Control+Enter');
    await answersIn(frame, 'done').first().waitFor();
  });

  const doomed = ['fail: 400 the model is out of order', 'say: It came through.'] as const;

  it('retry a turn that failed, by one click on its card', async () => {
    const frame = await startByKeys('Doomed', ...doomed);
    await frame.locator('.run-error').getByRole('button', { name: 'Retry' }).click();
    await answersIn(frame, 'It came through.').first().waitFor();
  });

  it('retry a turn that failed, by one key', async () => {
    const frame = await startByKeys('Doomed again', ...doomed);
    await frame.locator('.run-error').waitFor();
    await press('Control+Shift+Alt+R');
    await answersIn(frame, 'It came through.').first().waitFor();
  });

  it('change the model and go on with what is typed', async () => {
    const frame = await startIdle('Another model', 'Ready to be changed.');
    await type('say: Asked of');
    await press('Control+Shift+Alt+M');
    await untilFocused(frame, '.picker-filter');
    await type('thinker');
    await press('Enter');
    await untilFocused(frame, prompt);
    await type(' another model.');
    await press('Enter');
    await answersIn(frame, 'Asked of another model.').first().waitFor();
    assert.equal((await turnWith('say: Asked of another model.')).model, 'thinker');
  });

  it('see all changes of a turn by one click', async () => {
    const write = (name: string): string => `tool: write {"filePath":"${name}","content":"new"}`;
    const frame = await startByKeys('Two files', write('one.txt'), write('two.txt'), 'say: Both are there.');
    await frame.getByTestId('turn-changes').click();
    const editor = workbench.page.locator('.editor-instance');
    for (const name of ['one.txt', 'two.txt']) await editor.getByText(name).first().waitFor();
    assert.match((await workbench.tabs()).join(), /Changes of a Turn in “Two files/);
  });

  it('hand off, with a goal', async () => {
    await startIdle('Whole cents', 'The basket counts in whole cents.');
    await clickWay('Whole cents', 'Hand Off…');
    await untilAsked(/Hand Off “Whole cents/);
    await type('Print a total');
    await press('Enter');
    await untilWriting('Handoff – Whole cents');
    await press('Control+Enter');
    const { messages } = await turnWith('**Goal:** Print a total');
    assert.match(messages[0]?.text ?? '', /The basket counts in whole cents/);
    await untilFocused(await workbench.transcript('Print a total'), prompt);
  });

  it('hand off, with a goal behind a slash', async () => {
    await startIdle('Whole euros', 'The basket counts in whole euros.');
    await type('/handoff Go back to cents');
    await press('Enter');
    await untilWriting('Handoff – Whole euros');
    await press('Control+Enter');
    const { messages } = await turnWith('**Goal:** Go back to cents');
    assert.match(messages[0]?.text ?? '', /The basket counts in whole euros/);
  });

  it('relay to another agent with a sentence', async () => {
    const frame = await startIdle('To be reviewed', 'The tax is rounded.');
    await type('/relay reviewer check the rounding');
    await press('Enter');
    await answersIn(frame, 'The sum is exact').first().waitFor();
    assert.match((await turnWith('check the rounding')).system, /You review changes/);
    await untilFocused(frame, prompt);
  });

  it('try two approaches', async () => {
    await startIdle('Which window', 'Two ways are open.');
    await clickWay('Which window', 'Fork into Approaches…');
    await untilWriting('Approaches – Which window');
    // What asks for the first approach is selected once it can be filled in.
    await workbench.activeGroup.locator('.selected-text').first().waitFor();
    await type('say: By fixed minutes.');
    await press('Tab');
    await type('say: By a sliding window.');
    await press('Control+Enter');
    await Promise.all(['By fixed minutes.', 'By a sliding window.'].map((text) => turnWith(`say: ${text}`)));
    await Promise.all(['A', 'B'].map((name) => workbench.row(`Approach ${name}`).waitFor()));
    await untilFocused(await workbench.transcript('By fixed minutes.'), prompt);
  });
});
