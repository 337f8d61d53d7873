import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromPage } from '../../src/protocol/page/fromPage.ts';
import type { ToPage } from '../../src/protocol/page/toPage.ts';
import { ensureChromium } from '../workbench/chromium.ts';
import { PageServer, readPieces } from './pageServer.ts';
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
      /** Messages count as shown before what is loaded on demand has come, or where it does not come. */
      readonly isEarly?: boolean;
      /** Changes how the page is served, before it is opened. */
      readonly prepare?: (page: Page) => Promise<void>;
      /** Its sentences in another language, by the English ones. */
      readonly strings?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<TranscriptPage> {
    const viewport = { width: options.width ?? 1000, height: options.height ?? 800 };
    const page = await this.browser.newPage({ viewport, deviceScaleFactor: options.scale ?? 1 });
    await options.prepare?.(page);
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
    // Code is coloured when it comes into view.
    const late = (await readPieces()).filter((name) => name !== 'page/highlight.js');
    const made = new TranscriptPage(page, errors, options.isEarly === true ? [] : late);
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

  /** What is loaded once the page is idle, until it is known to be there. */
  #late: readonly string[];

  constructor(page: Page, errors: readonly string[], late: readonly string[]) {
    this.page = page;
    this.errors = errors;
    this.#late = late;
  }

  /** Sends messages as the host does; returns when they are shown, with a session once what it loads later is there. */
  async send(...messages: readonly ToPage[]): Promise<void> {
    const isSettled = await this.page.evaluate(
      async ({ sent, late, isShow }) => {
        for (const message of sent) window.postMessage(message, '*');
        const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
        await new Promise((resolve) => setTimeout(resolve));
        await frame();
        await frame();
        const hasSession = (): boolean => document.querySelector('.dock:not([hidden])') !== null;
        if (late.length === 0 || !(isShow || hasSession())) return false;
        const isMissing = (name: string): boolean =>
          performance.getEntriesByName(`${location.origin}/${name}`).length === 0;
        while (!hasSession() || late.some(isMissing)) await frame();
        await new Promise((resolve) => requestIdleCallback(resolve));
        await frame();
        return true;
      },
      { sent: messages, late: this.#late, isShow: messages.some(showsSession) },
    );
    if (isSettled) this.#late = [];
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

function showsSession(message: ToPage): boolean {
  return message.type === 'together' ? message.messages.some(showsSession) : message.type === 'show';
}
