import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** Marks the process that renders the browser's own windows, which is larger than that of a small page. */
const browserWindow = '--top-chrome-webui';

/**
 * Bytes of the browser's largest renderer process of a page, with its share of what it has in common with others (PSS).
 * NaN where the system does not tell: everywhere but on Linux.
 */
export async function largestRenderer(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => ((await isOfBrowser(id)) ? 0 : proportionalSize(id))),
  );
  return Math.max(...sizes);
}

async function isOfBrowser(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(browserWindow);
}

async function proportionalSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}
