import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from './chromium.ts';
import type { Progress } from './vscodeServer.ts';

const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Starts Chromium without a window, with a profile of its own. */
export async function launchBrowser(progress: Progress = () => undefined): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(progress), args: flags });
}
