import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { Frames, Probe } from './probeProtocol.ts';

/** Milliseconds of processor time of the page's main thread, since the page began. */
export interface Busy {
  readonly task: number;
  readonly script: number;
  readonly layout: number;
}

export interface FrameRecord {
  /** Frames that did not come because the main thread was not ready. */
  readonly dropped: number;
  /** Milliseconds of the longest frame. */
  readonly worst: number;
  /** Milliseconds of all tasks longer than 50 ms. */
  readonly longTasks: number;
}

const frame = 1000 / 60;
/** Milliseconds; only what is broken takes so long. */
const patience = 300_000;

/** A tab of the browser that is measured from outside (CDP) and inside (`page/probe.ts`). */
export class MeasuredPage {
  readonly #context: BrowserContext;
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #errors: string[] = [];

  constructor(context: BrowserContext, page: Page, cdp: CDPSession) {
    this.#context = context;
    this.page = page;
    this.#cdp = cdp;
    page.on('pageerror', ({ stack, message }) => this.#errors.push(stack ?? message));
  }

  static async open(browser: Browser, probe: string): Promise<MeasuredPage> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    await context.addInitScript({ path: probe });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const cdp = await context.newCDPSession(page);
    // Processor time, not time on the clock: what else runs on the machine is no work of this page.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new MeasuredPage(context, page, cdp);
  }

  /** Opens the address; resolves with the milliseconds until these words stood there formatted. */
  async goto(url: string, words: string): Promise<number> {
    await this.page.goto('about:blank');
    const start = performance.timeOrigin + performance.now();
    await this.page.goto(url, { waitUntil: 'commit' });
    return (await this.inView(words)) - start;
  }

  /** Resolves with the time at which the words came into view, in milliseconds since 1970; throws if they never do. */
  async inView(words: string): Promise<number> {
    const never = new AbortController();
    const given = delay(patience, undefined, { signal: never.signal }).then(() => {
      const [error = ''] = this.#errors;
      throw new Error(`"${words}" did not come into view within ${patience / 1000} s. ${error}`);
    });
    try {
      return await Promise.race([this.ask<number>(`inView(${JSON.stringify(words)})`), given]);
    } finally {
      never.abort();
      given.catch(() => undefined);
    }
  }

  /** Asks the probe. */
  ask<Answer>(question: `${keyof Probe}(${string})`): Promise<Answer> {
    return this.page.evaluate<Answer>(`probe.${question}`);
  }

  async busy(): Promise<Busy> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    const of = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
    return {
      task: of('TaskDuration'),
      script: of('ScriptDuration'),
      layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    };
  }

  /** Records frames while `run` goes on; resolves with them and with how busy the main thread was. */
  async record<T>(
    run: () => Promise<T>,
  ): Promise<{ result: T; busy: Busy; frames: FrameRecord; time: number }> {
    await this.ask('startFrames()');
    const before = await this.busy();
    const start = performance.now();
    const result = await run();
    const time = performance.now() - start;
    const after = await this.busy();
    const { intervals, longTasks } = await this.ask<Frames>('stopFrames()');
    return {
      result,
      time,
      busy: {
        task: after.task - before.task,
        script: after.script - before.script,
        layout: after.layout - before.layout,
      },
      frames: {
        dropped: intervals.reduce((sum, interval) => sum + Math.max(0, Math.round(interval / frame) - 1), 0),
        worst: Math.max(0, ...intervals),
        longTasks: longTasks.reduce((sum, duration) => sum + duration, 0),
      },
    };
  }

  /** Bytes of JavaScript objects after a garbage collection. */
  async heap(): Promise<number> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#cdp.send('Runtime.getHeapUsage');
    return usedSize;
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
