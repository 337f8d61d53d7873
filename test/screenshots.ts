import { join } from 'node:path';
import { startBench } from './workbench/bench.ts';
import { repository } from './workbench/extensionCopy.ts';
import { demoTitles } from './workbench/demoSessions.ts';
import { themes, type Workbench } from './workbench/workbench.ts';

// npm run screenshots: the pictures of the README, taken from the real thing.

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

const bench = await startBench();
try {
  const workbench = await bench.open();
  await arrange(workbench);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await workbench.useTheme(theme);
    await workbench.screenshot(join(repository, 'media', 'screenshots', `${theme}.png`));
  }
} finally {
  await bench.close();
}
