import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { seedSessions } from './demoSessions.ts';
import { copyExtension } from './extensionCopy.ts';
import { type Shop, startShop } from './shop.ts';
import { startVscodeServer, type VscodeServer } from './vscodeServer.ts';
import { Workbench } from './workbench.ts';

/** Everything a test needs to sit before a VS Code as a person does: the editor, a browser, and a shop to work on. */
export interface Bench {
  readonly shop: Shop;
  readonly vscode: VscodeServer;
  /** A browser that lives. */
  readonly browser: () => Promise<Browser>;
  /** The address of a window on the shop with the extension; with `tests` it runs that suite and reports. */
  url(tests?: string): string;
  /** Opens a window to be used by hand, on the shop or on another of its folders. */
  open(folder?: string): Promise<Workbench>;
  /** Throws when a process was left behind. */
  close(): Promise<void>;
}

export interface BenchOptions {
  /** False: OpenCode has no session yet. */
  readonly sessions?: boolean;
  /** OpenCode's own snapshots of the files, by which it is known what a turn changed. */
  readonly snapshots?: boolean;
  /** A .vsix to install; otherwise windows load the extension as it stands in `dist`. */
  readonly install?: string;
}

export async function startBench({
  sessions = true,
  snapshots = false,
  install,
}: BenchOptions = {}): Promise<Bench> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const shop = await startShop({ snapshots });
    closers.push(() => shop.close());
    if (sessions) await seedSessions(shop);
    const extension = install === undefined ? await copyExtension() : undefined;
    if (extension) closers.push(() => extension.remove());
    const vscode = await startVscodeServer({
      environment: shop.environment,
      progress: console.log,
      ...(install === undefined ? {} : { install }),
    });
    closers.push(() => vscode.stop());
    let browser = await launchBrowser(console.log);
    closers.push(() => browser.close());
    const livingBrowser = async (): Promise<Browser> => {
      if (!browser.isConnected()) {
        console.log('The browser has died, and is started anew.');
        browser = await launchBrowser(console.log);
      }
      return browser;
    };
    const url = (tests?: string, folder = shop.folder): string =>
      vscode.url({
        folder,
        ...(extension && { extension: extension.folder }),
        ...(tests !== undefined && { tests }),
      });
    return {
      shop,
      vscode,
      browser: livingBrowser,
      url,
      open: (folder) => Workbench.open(livingBrowser, url(undefined, folder)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
