import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromPage } from '../../src/protocol/page/fromPage.ts';
import type { ToPage } from '../../src/protocol/page/toPage.ts';
import { ensureChromium } from '../workbench/chromium.ts';
import { PageServer } from './pageServer.ts';
import type { ThemeKind } from './themes.ts';

interface Testing {
  readonly posted: FromPage[];
  state: unknown;
}

/** A browser and the server of the page, for one file of tests. */
export class PageBench {
  readonly browser: Browser;
  readonly server: PageServer;

  private constructor(browser: Browser, server: PageServer) {
    this.browser = browser;
    this.server = server;
  }

  static async start(): Promise<PageBench> {
    const executablePath = await ensureChromium(() => undefined);
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    const [browser, server] = await Promise.all([
      chromium.launch({ executablePath, args }),
      PageServer.start(),
    ]);
    return new PageBench(browser, server);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** Opens the page as a panel does, and gives it the first word of the host. */
  async open(
    options: {
      readonly theme?: ThemeKind;
      readonly width?: number;
      readonly height?: number;
      /** Pixels of the device for one of the page: its zoom. */
      readonly scale?: number;
      readonly state?: unknown;
      /** Its sentences in another language, by the English ones. */
      readonly strings?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<TranscriptPage> {
    const viewport = { width: options.width ?? 1000, height: options.height ?? 800 };
    const page = await this.browser.newPage({ viewport, deviceScaleFactor: options.scale ?? 1 });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.addInitScript((state) => {
      const testing: Testing = { posted: [], state };
      Object.assign(globalThis, {
        testing,
        acquireVsCodeApi: () => ({
          postMessage: (message: FromPage) => testing.posted.push(structuredClone(message)),
          getState: () => testing.state,
          setState: (next: unknown) => {
            testing.state = next;
          },
        }),
      });
    }, options.state);
    const { strings } = options;
    await page.goto(
      this.server.address(options.theme ?? 'vscode-dark', strings === undefined ? {} : { strings }),
    );
    const made = new TranscriptPage(page, errors);
    await made.posted('ready');
    await made.send({ type: 'init', settings: { enterSends: true } });
    return made;
  }
}

/** The page in a browser, with the host's side in the test's hands. */
export class TranscriptPage {
  readonly page: Page;
  /** What went wrong in the page: script errors and what the content security policy refused. */
  readonly errors: readonly string[];

  constructor(page: Page, errors: readonly string[]) {
    this.page = page;
    this.errors = errors;
  }

  /** Sends messages as the host does; returns when they are shown. */
  async send(...messages: readonly ToPage[]): Promise<void> {
    await this.page.evaluate(async (sent) => {
      for (const message of sent) window.postMessage(message, '*');
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
      await frame();
      await frame();
    }, messages);
  }

  /** Changes the colour theme as VS Code does it: in the page as it stands. */
  async useTheme(theme: ThemeKind): Promise<void> {
    await this.page.evaluate(async (name) => {
      const link = document.querySelector<HTMLLinkElement>('link[rel=stylesheet]');
      if (link === null) throw new Error('The page has no theme.');
      const next = document.createElement('link');
      next.rel = 'stylesheet';
      next.href = `/${name}.css`;
      const loaded = new Promise((resolve) => next.addEventListener('load', resolve, { once: true }));
      link.replaceWith(next);
      document.body.className = name;
      await loaded;
    }, theme);
  }

  /** The first message of a type that the page has posted, waiting for it; it is taken off the list. */
  async posted<Type extends FromPage['type']>(type: Type): Promise<Extract<FromPage, { type: Type }>> {
    const handle = await this.page.waitForFunction((wanted) => {
      const { posted } = (globalThis as unknown as { testing: Testing }).testing;
      const at = posted.findIndex((message) => message.type === wanted);
      return at < 0 ? undefined : posted.splice(at, 1)[0];
    }, type);
    return (await handle.jsonValue()) as Extract<FromPage, { type: Type }>;
  }

  /** All messages that the page has posted and no test has taken. */
  allPosted(): Promise<readonly FromPage[]> {
    return this.page.evaluate(() => (globalThis as unknown as { testing: Testing }).testing.posted);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
