import { createWriteStream } from 'node:fs';
import { glob, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { parseAnnouncement } from './announcement.ts';
import { startBench } from './bench.ts';
import { repository } from './extensionCopy.ts';
import type { TestResult } from './testResult.ts';

/** Bundles `test/host` for the extension host and returns the file that exports `run`. */
export async function buildHostSuite(): Promise<string> {
  const entries = ['test/host/index.ts'];
  for await (const file of glob('test/host/**/*.test.ts', { cwd: repository })) entries.push(file);
  const [index = ''] = await bundleForHost('host-suite', entries);
  return index;
}

/** Bundles programs for the extension host into a folder that is not packaged; returns the files in the same order. */
export async function bundleForHost(name: string, entries: readonly string[]): Promise<string[]> {
  const folder = join(repository, '.vscode-test', name);
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: entries.map((entry) => ({ in: join(repository, entry), out: basename(entry, '.ts') })),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return entries.map((entry) => join(folder, `${basename(entry, '.ts')}.cjs`));
}

/** Runs the host suite in the VS Code server, over a shop with sessions. */
export async function runHostSuiteInBrowser(print: (line: string) => void): Promise<TestResult> {
  const tests = await buildHostSuite();
  const bench = await startBench();
  try {
    const logFile = join(repository, 'test-results', 'host-window.log');
    return await runInWindow(await bench.browser(), bench.url(tests), { print, logFile });
  } finally {
    await bench.close();
  }
}

/**
 * Opens a window that runs a suite in its extension host and resolves with the counts that the suite announces.
 * Prints the suite's own lines; all else that the window says goes to the log file, for the day when it is needed.
 */
export async function runInWindow(
  browser: Browser,
  url: string,
  ports: { readonly print: (line: string) => void; readonly logFile: string },
): Promise<TestResult> {
  await mkdir(dirname(ports.logFile), { recursive: true });
  const log = createWriteStream(ports.logFile);
  const page = await browser.newPage();
  const exit = Promise.withResolvers<number>();
  let counts: TestResult | undefined;
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
    const line = args.map((argument) => (typeof argument === 'string' ? argument : JSON.stringify(argument)));
    log.write(`${line.join(' ')}\n`);
    const announced = parseAnnouncement(line.join(' '));
    if (announced?.counts) counts = announced.counts;
    if (announced?.text !== undefined) ports.print(announced.text);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => exit.resolve(code));
  page.once('crash', () => exit.reject(new Error('The window crashed.')));
  await page.goto(url);
  const code = await exit.promise;
  await page.close();
  log.end();
  if (counts === undefined)
    throw new Error(`The suite ended with ${code} and no counts; see ${ports.logFile}`);
  return counts;
}
