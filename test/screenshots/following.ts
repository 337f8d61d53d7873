import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { approachPrompts } from '../workbench/demoScripts.ts';
import { demoTitles, seedSessions } from '../workbench/demoSessions.ts';
import { exportSession } from '../workbench/exporting.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { picture } from './picture.ts';

// The pictures of what follows: automations and deliveries, services, documents, comparing and keeping.

/** A window on a fresh workspace of the demo; `prepare` is given the folder before it is opened. */
async function openFresh(
  bench: Bench,
  prepare: (folder: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<{ readonly workbench: Workbench; readonly folder: string }> {
  const folder = await bench.shop.addFolder();
  await seedSessions(bench.shop, folder);
  await prepare(folder);
  const workbench = await bench.open(folder);
  await workbench.openSessionsView();
  await workbench.row(demoTitles.rateLimit).waitFor({ timeout: 180_000 });
  await workbench.useTheme('dark');
  return { workbench, folder };
}

/** Opens a view, closes those that nobody looks at, and leaves no pointer on a row. */
async function showOnly(workbench: Workbench, ...titles: readonly string[]): Promise<void> {
  for (const title of ['Sessions', 'Todos', 'Deliveries', 'Automations']) {
    const header = workbench.view(title).locator('.pane-header');
    const isOpen = (await header.getAttribute('aria-expanded')) === 'true';
    if (isOpen !== titles.includes(title)) await header.click();
  }
  await workbench.page.mouse.move(900, 780);
}

/** Two approaches beside each other: their figures, files and answers. */
export async function comparison(bench: Bench): Promise<void> {
  const { workbench } = await openFresh(bench);
  const { page } = workbench;
  const frame = await workbench.startSession('Where could the baskets be kept? Say it in a sentence.');
  await answersIn(frame, 'a file of SQLite').waitFor();
  await workbench.runCommand('OpenCode: Fork into Approaches…');
  await workbench.activeGroup.locator('.selected-text').first().waitFor();
  await page.keyboard.insertText(approachPrompts.memory);
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(approachPrompts.sqlite);
  await workbench.activeGroup.locator('.codelens-decoration').filter({ hasText: 'starts 2 forks' }).waitFor();
  await page.keyboard.press('Control+Enter');
  for (const name of ['Approach A', 'Approach B']) await workbench.untilRowSays(name, /\d files? changed/);
  await workbench.closeEditors();
  await showOnly(workbench, 'Sessions');
  await workbench.pickFromMenu(workbench.row('Approach A'), 'Compare Approaches…');
  await workbench.activeGroup.locator('.view-lines').getByText('2 ways to go on from').waitFor();
  await workbench.activeGroup.locator('.codelens-decoration').first().waitFor();
  await page.mouse.move(900, 780);
  await workbench.screenshot(picture('comparison'));
  await workbench.close();
}

const automations = {
  deploy: {
    on: 'settled',
    if: { changedFiles: 'src/**' },
    do: [{ task: 'deploy' }, { notify: 'Deployed.' }],
    confirm: 'once',
  },
  review: {
    on: 'allTodoDone',
    do: [{ relay: { agent: 'plan', text: 'Review what was done against the plan.' } }],
  },
};

/** Automations in the settings, one of them wrong, their runs, and the account of what was sent. */
export async function whatFollows(bench: Bench): Promise<void> {
  const { workbench } = await openFresh(bench, async (folder) => {
    const deploy = { label: 'deploy', type: 'shell', command: 'echo Deployed.', problemMatcher: [] };
    const files = {
      'settings.json': { 'editor.minimap.enabled': false, 'opencodeSessions.automations': automations },
      'tasks.json': { version: '2.0.0', tasks: [deploy] },
    };
    await mkdir(join(folder, '.vscode'));
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, '.vscode', name), `${JSON.stringify(content, null, 2)}\n`);
    }
  });
  const { page } = workbench;
  await workbench.runCommand('OpenCode: Approve Automation…');
  await workbench.pick('deploy');
  await workbench.dialog.getByRole('button', { name: 'Approve' }).click();
  const automation = (text: string): Locator =>
    workbench.view('Automations').locator('.monaco-list-row').filter({ hasText: text }).first();
  const frame = await workbench.startSession(approachPrompts.memory);
  await answersIn(frame, 'behind an interface').waitFor();
  await workbench.runCommand('OpenCode: Show Automations');
  await waitFor(
    async () => {
      // It is asked before its first run.
      const run = workbench.dialog.getByRole('button', { name: /^Run/ });
      if (await run.isVisible()) await run.click();
      return automation('deploy').filter({ hasText: 'succeeded' }).isVisible();
    },
    { what: 'the automation to run' },
  );
  await workbench.closeEditors();
  await workbench.runCommand('View: Hide Panel');
  await workbench.runCommand('Preferences: Open Workspace Settings (JSON)');
  await workbench.activeGroup.locator('.squiggly-error').first().waitFor();
  await showOnly(workbench, 'Deliveries', 'Automations');
  await workbench.expand(automation('deploy'));
  await page.mouse.move(900, 780);
  await workbench.screenshot(picture('automations'));
  await workbench.close();
}

/** Sessions below their services, and a brief that keeps a secret back. */
export async function services(bench: Bench): Promise<void> {
  const { workbench } = await openFresh(bench, async (folder) => {
    for (const name of ['orders', 'payments']) {
      await mkdir(join(folder, 'services', name), { recursive: true });
      await writeFile(join(folder, 'services', name, 'package.json'), '{}');
    }
  });
  const { page } = workbench;
  await workbench.runCommand('OpenCode: Group Sessions by Service');
  await workbench.pickFromMenu(workbench.row('services/payments'), 'OpenCode Session for This Folder…');
  await workbench.pick('Write a Brief');
  await workbench.activeGroup
    .locator('.codelens-decoration a')
    .filter({ hasText: 'services/payments' })
    .first()
    .waitFor();
  await page.keyboard.press('Control+A');
  // Put together, so that no scanner takes this file for a leak.
  const key = ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
  const brief = [
    '# Payments',
    '## What to build and how it works',
    'Takes a payment for an order once, and says what became of it. The same key again gives the same answer.',
    '## Endpoints',
    '### POST /payments',
    'Request:',
    '```json\n{ "orderId": "o_7", "cents": 1299, "idempotencyKey": "…" }\n```',
    '## Secrets',
    `- STRIPE_KEY = ${key}`,
    '## Acceptance',
    '- A payment that was sent twice is taken once.',
  ];
  await page.keyboard.insertText(`---\nagent: build\n---\n\n${brief.join('\n\n')}\n`);
  await workbench.activeGroup.locator('.squiggly-warning, .squiggly-error').first().waitFor();
  await page.keyboard.press('Control+Home');
  await showOnly(workbench, 'Sessions');
  await workbench.screenshot(picture('brief'));
  await workbench.close();
}

/** A session as a document, with its outline. */
export async function document(bench: Bench): Promise<void> {
  const { workbench } = await openFresh(bench);
  const { page } = workbench;
  await workbench.openRow(demoTitles.rateLimit);
  await workbench.runCommand('OpenCode: Open as Document');
  await workbench.activeGroup
    .locator('.view-lines')
    .getByText('I will look at the route first')
    .first()
    .waitFor();
  await showOnly(workbench, 'Sessions');
  await workbench.runCommand('Go to Line/Column...');
  await workbench.answerInput(':60');
  await workbench.runCommand('Go to Symbol in Editor...');
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'build' }).first().waitFor();
  await workbench.screenshot(picture('document'));
  await workbench.close();
}

/** A session as a page that any browser reads, in its light and its dark colours. */
export async function exported(bench: Bench): Promise<void> {
  const { workbench, folder } = await openFresh(bench);
  const file = join(folder, 'session.html');
  await exportSession(workbench, {
    title: demoTitles.rateLimit,
    file,
    choices: ['Web Page (HTML)', 'With Its Subagents'],
  });
  const browser = await bench.browser();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 900, height: 640 } });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: picture(`exported-${colorScheme}`) });
    await page.close();
  }
  await workbench.close();
}
