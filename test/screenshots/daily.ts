import type { Bench } from '../workbench/bench.ts';
import { receiptPrompt } from '../workbench/demoScripts.ts';
import { demoTitles, seedSessions } from '../workbench/demoSessions.ts';
import { commitAll } from '../workbench/openCodeServer.ts';
import { changeConfig } from '../workbench/shop.ts';
import { answersIn, themes, type Workbench } from '../workbench/workbench.ts';
import { picture } from './picture.ts';

/** A window as in daily use: a transcript, its todos, one session at work and one that waits for an answer. */
async function arrange(workbench: Workbench): Promise<void> {
  await workbench.openSessionsView();
  await workbench.row(demoTitles.rounding).click();
  await workbench.transcript('The sum is exact');
  await workbench.say('Run the tests');
  await workbench.transcript('You decide whether I may');
  await workbench.row(demoTitles.rateLimit).click();
  await workbench.transcript('I will look at the route first');
  await workbench.expand(workbench.row(demoTitles.rateLimit));
}

/** What a person sees of the session that asks when its server dies: how it ended, and how to go on. */
async function cutOff(bench: Bench, workbench: Workbench): Promise<void> {
  const [server] = await bench.shop.mark.find('opencode serve');
  if (server === undefined) throw new Error('The server of the demo was not found.');
  process.kill(server, 'SIGKILL');
  await workbench.untilRowSays(demoTitles.rounding, /cut off in the middle/);
  await workbench.openRow(demoTitles.rounding);
  const transcript = await workbench.transcript(demoTitles.rounding);
  await transcript.locator('.cut-off[data-end=interrupted]').waitFor();
  // What stood in the view of todos and below the field belongs to the other session, or to no server.
  await workbench.page.getByText('Read the sign-in route').first().waitFor({ state: 'detached' });
  await transcript.getByTestId('model-picker').waitFor();
}

async function untilListed({ page }: Workbench, text: string): Promise<void> {
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).waitFor();
}

/** What a newcomer sees whose OpenCode has no model yet: the view says so, and lists what can be connected. */
export async function firstMinute(bench: Bench): Promise<void> {
  const folder = await bench.shop.addFolder();
  const none = {
    model: undefined,
    small_model: undefined,
    provider: undefined,
    enabled_providers: undefined,
  };
  // The models that OpenCode hosts itself need no key.
  await changeConfig(folder, { ...none, disabled_providers: ['opencode'] });
  await commitAll(folder, 'Leave the models out');
  const workbench = await bench.open(folder);
  await workbench.openSessionsView();
  await workbench.view('Sessions').getByRole('button', { name: 'Connect a Provider…' }).click();
  await untilListed(workbench, 'Anthropic');
  await workbench.screenshot(picture('first-minute'));
  await workbench.close();
}

/** Makes the editors a little narrower, so that diffs stand in one column, and waits for the colours of their code. */
async function coloured({ page }: Workbench): Promise<void> {
  const [edge, wanted, middle] = [350, 400, 300];
  await page.mouse.move(edge, middle);
  await page.mouse.down();
  await page.mouse.move(wanted, middle, { steps: 10 });
  await page.mouse.up();
  await page.mouse.move(wanted / 2, middle);
  await page.waitForFunction(() => {
    const entry = document.querySelector('.multiDiffEntry');
    const words = [...(entry?.querySelectorAll('.view-line span') ?? [])];
    const colours = words.map(({ classList }) => [...classList].find((name) => name.startsWith('mtk')));
    return new Set(colours).size > 4;
  });
}

/** A long turn that is over, with its calls folded; what it changed; and the ways in which its session can go on. */
export async function longTurn(bench: Bench): Promise<void> {
  const folder = await bench.shop.addFolder();
  await seedSessions(bench.shop, folder);
  const workbench = await bench.open(folder);
  await workbench.openSessionsView();
  const transcript = await workbench.startSession(receiptPrompt);
  await transcript.getByTestId('permission-once').click();
  await answersIn(transcript, 'rounded once for each rate').waitFor();
  const title = receiptPrompt.split(' ').slice(0, 5).join(' ');
  await workbench.untilRowSays(title, /idle|finished/);
  await workbench.openRow(title);
  await transcript.getByTestId('context-meter').waitFor();
  await workbench.screenshot(picture('long-turn'));
  await transcript.getByTestId('turn-changes').click();
  await coloured(workbench);
  await workbench.screenshot(picture('changes'));
  await workbench.runCommand('View: Close Editor');
  // The page is made anew, and draws its icons once their font is there.
  const again = await workbench.transcript('rounded once for each rate');
  await again.getByTestId('model-picker').getByText('Thinker').waitFor();
  await again.evaluate(async () => void (await document.fonts.ready));
  await workbench.pressOnRow(workbench.row(title), 'Continue Session…');
  await untilListed(workbench, 'Compact…');
  await workbench.screenshot(picture('continue'));
  await workbench.close();
}

/** The window as in daily use in all themes, and what is seen in it once its server was killed; it is left dark. */
export async function daily(bench: Bench): Promise<void> {
  const workbench = await bench.open();
  await arrange(workbench);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await workbench.useTheme(theme);
    await workbench.screenshot(picture(theme));
  }
  await workbench.useTheme('dark');
  await cutOff(bench, workbench);
  await workbench.screenshot(picture('cut-off'));
  await workbench.close();
}
