import { join } from 'node:path';
import { type Bench, startBench } from './workbench/bench.ts';
import { repository } from './workbench/extensionCopy.ts';
import { demoTitles } from './workbench/demoSessions.ts';
import { themes, type Workbench } from './workbench/workbench.ts';

// npm run screenshots: the pictures of the README, taken from the real thing.

function picture(name: string): string {
  return join(repository, 'media', 'screenshots', `${name}.png`);
}

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

const bench = await startBench();
try {
  const workbench = await bench.open();
  await arrange(workbench);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await workbench.useTheme(theme);
    await workbench.screenshot(picture(theme));
  }
  await workbench.useTheme('dark');
  await cutOff(bench, workbench);
  await workbench.screenshot(picture('cut-off'));
} finally {
  await bench.close();
}
