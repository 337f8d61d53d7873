import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, startBench } from '../workbench/bench.ts';
import { seedSessions } from '../workbench/demoSessions.ts';
import { repository } from '../workbench/extensionCopy.ts';
import type { VscodeServer } from '../workbench/vscodeServer.ts';
import type { Workbench } from '../workbench/workbench.ts';

// Starting VS Code and a browser takes its time, so all files share one of each; a workspace each has for itself.
let bench: Promise<Bench> | undefined;
const open = new Map<Workbench, Bench>();
const results = join(repository, 'test-results');

/** The bench that all end-to-end tests share; started by whoever asks first. */
export function sharedBench(): Promise<Bench> {
  bench ??= startBench({ sessions: false });
  return bench;
}

/** A fresh workspace with the sessions of the demo. */
export async function seededFolder(): Promise<string> {
  const { shop } = await sharedBench();
  const folder = await shop.addFolder();
  await seedSessions(shop, folder);
  return folder;
}

/** Opens a window on a workspace, a fresh one with sessions unless one is given, with the sessions in view. */
export async function openShop(folder?: string): Promise<Workbench> {
  const shared = await sharedBench();
  const workbench = await shared.open(folder ?? (await seededFolder()));
  watch(workbench, shared);
  await workbench.openSessionsView();
  return workbench;
}

/** Until it is closed, each test that fails leaves a picture of this window, and the log behind it. */
export function watch(workbench: Workbench, bench: Bench): void {
  open.set(workbench, bench);
}

export async function closeWindow(workbench: Workbench | undefined): Promise<void> {
  if (workbench === undefined) return;
  open.delete(workbench);
  await workbench.close();
}

afterEach('keep a picture and the log of what failed', async function () {
  const test = this.currentTest;
  if (test === undefined || test.isPassed() || test.isPending()) return;
  const title = test.fullTitle().replaceAll(/[^a-z0-9]+/gi, '-');
  await mkdir(results, { recursive: true });
  for (const [index, [workbench, { vscode, shop }]] of [...open].entries()) {
    // What is tried again shall not find what the first try left open.
    shop.model.releaseAll();
    try {
      await describeFailure(workbench, vscode, join(results, [title, index, Date.now()].join('-')));
      await workbench.closeEditors();
    } catch (error) {
      console.log('    The window could not be looked at, and is opened anew:', error);
      await workbench.reopen();
      await workbench.openSessionsView();
    }
  }
});

/** Keeps a picture and the log under that name, and tells what stood there: the pictures stay where the test ran. */
async function describeFailure(workbench: Workbench, vscode: VscodeServer, name: string): Promise<void> {
  const log = await vscode.extensionLog();
  await writeFile(`${name}.log`, log);
  console.log('    It logged', log.split('\n').slice(-12).join('\n    '));
  await workbench.screenshot(`${name}.png`);
  const seen = { tabs: await workbench.tabs(), sessions: await workbench.rows('Sessions') };
  console.log('    It showed', JSON.stringify(seen), 'and told', await workbench.notifications());
}

after('close the editor and find no process left behind', async () => {
  await (await bench)?.close();
});
