import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { parseAnnouncement } from '../workbench/announcement.ts';
import { bundleForHost } from '../workbench/hostSuite.ts';
import { startVscodeServer, type VscodeServer } from '../workbench/vscodeServer.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { type TimedStart, ordersVariable, type TreeTimes, type WindowOrder } from './windowOrders.ts';

export interface BenchWindowOptions {
  readonly browser: Browser;
  /** The folder of the extension. */
  readonly extension: string;
  /** The folder that is opened. */
  readonly folder: string;
  readonly serverUrl: string;
  /** The file of the probe for the transcript page. */
  readonly probe: string;
}

/** Milliseconds. */
export interface ShownTimes {
  /** From the command until what it shows can be read. */
  readonly shown: number;
  /** Of that, what the server needs to answer. */
  readonly answers: number;
}

/** A window of a real VS Code whose extension host does what it is told. */
export class BenchWindow {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #vscode: VscodeServer;
  readonly #orders: OrderServer;

  constructor(page: Page, context: BrowserContext, vscode: VscodeServer, orders: OrderServer) {
    this.page = page;
    this.#context = context;
    this.#vscode = vscode;
    this.#orders = orders;
  }

  static async open(options: BenchWindowOptions): Promise<BenchWindow> {
    const orders = new OrderServer();
    const environment = { [ordersVariable]: await orders.listen() };
    const settings = { 'opencodeSessions.server.url': options.serverUrl };
    const vscode = await startVscodeServer({ environment, settings, progress: console.log });
    const [tests = ''] = await bundleForHost('bench-window', ['test/bench/windowSuite.ts']);
    const context = await options.browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript({ path: options.probe });
    const page = await context.newPage();
    await page.exposeFunction('codeAutomationLog', (_type: string, words: unknown[]) => {
      const line = words.map(String).join(' ');
      if (parseAnnouncement(line)?.text !== undefined) console.log(line);
    });
    await page.exposeFunction('codeAutomationExit', () => undefined);
    await page.goto(vscode.url({ folder: options.folder, extension: options.extension, tests }));
    return new BenchWindow(page, context, vscode, orders);
  }

  /** Milliseconds until a webview with nothing in it says that its script runs. */
  emptyWebview(): Promise<number> {
    return this.#orders.give<number>({ order: 'emptyWebview' });
  }

  /** The session as the extension's command shows it; resolves with the milliseconds until the words stand there. */
  async openSession(sessionId: string, words: string): Promise<number> {
    const frame = await this.#transcript();
    const shown = frame?.evaluate<number>(`probe.inView(${JSON.stringify(words)})`);
    // The page has looked at itself and is at rest again.
    await delay(100);
    const start = await this.#orders.give<number>({ order: 'openSession', sessionId });
    const opened = shown ?? (await this.#shownAtLast(words));
    return (await opened) - start;
  }

  /** Milliseconds until the extension's command has shown the session as a document, which is closed again. */
  openDocument(sessionId: string): Promise<number> {
    return this.#orders.give<number>({ order: 'openDocument', sessionId });
  }

  tree(serverUrl: string, directory: string): Promise<TreeTimes> {
    return this.#orders.give<TreeTimes>({ order: 'tree', serverUrl, directory });
  }

  /** Opens the view of the sessions until its first rows stand there; for a window that did nothing yet. */
  async openTree(serverUrl: string, directory: string): Promise<ShownTimes> {
    const shown = this.page.evaluate(timeOfRows);
    const { start, answers } = await this.#orders.give<TimedStart>({
      order: 'openTree',
      serverUrl,
      directory,
    });
    return { shown: (await shown) - start, answers };
  }

  /** Drafts a hand off as the extension's command does, and discards it again. */
  async handOff(sessionId: string, serverUrl: string, directory: string): Promise<ShownTimes> {
    const shown = this.page.evaluate(timeOfDraft);
    const order = { order: 'handOff', sessionId, serverUrl, directory } as const;
    const { start, answers } = await this.#orders.give<TimedStart>(order);
    const draft = (await shown) - start;
    await this.#orders.give({ order: 'discardDraft' });
    return { shown: draft, answers };
  }

  async close(): Promise<void> {
    await this.#orders.end();
    await this.#context.close();
    await this.#vscode.stop();
  }

  async #shownAtLast(words: string): Promise<number> {
    const frame = await waitFor(() => this.#transcript(), { what: 'the first transcript' });
    return frame.evaluate<number>(`probe.inView(${JSON.stringify(words)})`);
  }

  async #transcript(): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      if ((await frame.locator('#transcript').count()) > 0) return frame;
    }
    return undefined;
  }
}

/** Resolves with the time, in milliseconds since 1970, of the frame in which the draft of a hand off can be read. */
function timeOfDraft(): Promise<number> {
  const isShown = (): boolean =>
    Array.from(document.querySelectorAll('.editor-group-container .view-lines')).some((lines) =>
      lines.textContent.replaceAll('\u{a0}', ' ').includes('## Session Handoff'),
    );
  if (isShown()) return Promise.reject(new Error('A draft is shown already.'));
  return new Promise((resolve) => {
    const look = (): void => {
      if (isShown()) resolve(performance.timeOrigin + performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Resolves with the time, in milliseconds since 1970, of the frame in which the view of the sessions has rows. */
function timeOfRows(): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      const row = document.querySelector(
        '[id="workbench.view.extension.opencodeSessions"] .monaco-list-row .label-name',
      );
      if (row !== null) resolve(performance.timeOrigin + performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Gives orders to a suite that asks for them, one at a time. */
class OrderServer {
  readonly #server: Server;
  #asked = Promise.withResolvers<(order: WindowOrder) => void>();
  #answered = Promise.withResolvers<unknown>();

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/order') {
        this.#asked.resolve((order) => response.end(JSON.stringify(order)));
        return;
      }
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.once('end', () => {
        response.end();
        this.#answered.resolve(JSON.parse(body));
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async give<Answer>(order: WindowOrder): Promise<Answer> {
    const hand = await this.#asked.promise;
    this.#asked = Promise.withResolvers();
    this.#answered = Promise.withResolvers();
    hand(order);
    return (await this.#answered.promise) as Answer;
  }

  async end(): Promise<void> {
    (await this.#asked.promise)({ order: 'end' });
    this.#server.close();
  }
}
