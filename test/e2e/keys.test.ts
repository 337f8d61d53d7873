import type { Frame } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
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

  /** Starts a session as a person does who does not touch the mouse; answers with its transcript. */
  async function startByKeys(...script: string[]): Promise<Frame> {
    await workbench.page.keyboard.press('Control+Alt+N');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.press('Enter');
    const frame = await workbench.transcript('No messages yet');
    await untilFocused(frame, prompt);
    await workbench.page.keyboard.type(script.join(' ;; '));
    await workbench.page.keyboard.press('Enter');
    return frame;
  }

  it('start a session and type its first prompt', async () => {
    const frame = await startByKeys('Typed at once', 'say: heard you');
    await answersIn(frame, 'heard you').first().waitFor();
  });

  it('allow a command', async () => {
    const frame = await startByKeys(
      'Asking',
      'tool: bash {"command":"echo allowed","description":"Say it"}',
      'say: done',
    );
    await frame.getByTestId('permission').waitFor();
    await frame.locator('.request.fresh').waitFor({ state: 'detached' });
    await workbench.page.keyboard.press('Control+Enter');
    await answersIn(frame, 'done').first().waitFor();
  });

  it('stop a run', async () => {
    const frame = await startByKeys('Endless', 'hold: by-keys', 'say: done');
    await frame.getByTestId('stop').waitFor();
    await untilFocused(frame, prompt);
    await workbench.page.keyboard.press('Escape');
    await frame.getByTestId('stop-hint').waitFor();
    await workbench.page.keyboard.press('Escape');
    await frame.getByTestId('stop').waitFor({ state: 'hidden' });
    await frame.getByText('Stopped by you').first().waitFor();
  });

  it('go to the request of the session that waits', async () => {
    const script = ['Waiting', 'tool: bash {"command":"echo waited","description":"Say it"}', 'say: done'];
    await startByKeys(...script);
    await workbench.untilRowSays('Waiting', /waits for your permission/);
    await workbench.closeEditors();
    await workbench.page.keyboard.press('Control+Alt+U');
    const frame = await workbench.transcript('echo waited');
    await untilFocused(frame, '[data-testid=permission]');
    await frame.locator('.request.fresh').waitFor({ state: 'detached' });
    await workbench.page.keyboard.press('Control+Enter');
    await answersIn(frame, 'done').first().waitFor();
  });
});
