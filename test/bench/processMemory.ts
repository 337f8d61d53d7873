import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/**
 * Bytes of the browser's largest renderer process, with its share of what it has in common with others (PSS). NaN where
 * the system does not tell: everywhere but on Linux.
 */
export async function largestRenderer(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...(await Promise.all(renderers.map(({ id }) => proportionalSize(id)))));
}

async function proportionalSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}
