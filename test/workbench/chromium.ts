import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { exists } from './cacheFolder.ts';
import { runProgram } from './childProcess.ts';
import type { Progress } from './vscodeServer.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * A Chromium: the machine's own, else installed from the system's packages (as root), else Playwright's download.
 * Throws one line that says what is missing and how to get it.
 */
export async function ensureChromium(progress: Progress): Promise<string> {
  const found = await findChromium();
  if (found) return found;
  const failures: string[] = [];
  for (const install of [installFromSystem, installWithPlaywright]) {
    try {
      await install(progress);
    } catch (error) {
      failures.push(error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error));
    }
    const installed = await findChromium();
    if (installed) return installed;
  }
  throw new Error(
    `Chromium is missing: install it with your system's package manager (e.g. "apt-get install chromium") or with "npx playwright-core install --with-deps chromium". ${failures.join(' · ')}`,
  );
}

async function findChromium(): Promise<string | undefined> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  for (const candidate of [...onPath, ...usualPlaces, chromium.executablePath()]) {
    if (candidate && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function installFromSystem(progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0 || !(await exists('/usr/bin/apt-get'))) return;
  progress("Installing Chromium from the system's packages …");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Somebody else may be installing something.
  const waiting = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  await runProgram('apt-get', ['update', ...waiting], { env });
  await runProgram('apt-get', ['install', '-y', ...waiting, '--no-install-recommends', 'chromium'], { env });
}

async function installWithPlaywright(progress: Progress): Promise<void> {
  progress('Downloading Chromium with Playwright …');
  const cli = join(import.meta.dirname, '..', '..', 'node_modules', 'playwright-core', 'cli.js');
  await runProgram(process.execPath, [cli, 'install', 'chromium']);
}
