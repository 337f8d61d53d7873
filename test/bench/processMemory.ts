import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** Marks the process that renders the browser's own windows, which is larger than that of a small page. */
const browserWindow = '--top-chrome-webui';

/** Bytes of a process; NaN where the system does not tell: everywhere but on Linux. */
export interface ProcessSize {
  /** What is in no file (`Pss_Anon` and `Pss_Shmem`, proc(5)): what the process itself made, as the browser's own task manager counts. */
  readonly own: number;
  /**
   * With the files it maps (`Pss`), nearly all of them the browser's program. A process is charged the more for that the
   * fewer others of its kind run: the same page 42 MB beside other browsers and 74 MB alone, of which 22 its own.
   */
  readonly all: number;
}

/** The browser's largest renderer process of a page. */
export async function largestRenderer(browser: Browser): Promise<ProcessSize> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => ((await isOfBrowser(id)) ? { own: 0, all: 0 } : sizeOf(id))),
  );
  return sizes.reduce((largest, size) => (size.all > largest.all ? size : largest));
}

async function isOfBrowser(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(browserWindow);
}

export async function sizeOf(pid: number): Promise<ProcessSize> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const of = (what: string): number => {
    return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
  };
  return { own: of('Pss_Anon') + of('Pss_Shmem'), all: of('Pss') };
}
