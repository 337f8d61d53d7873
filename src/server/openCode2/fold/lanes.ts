import type { Log } from '../../../core/log.ts';

type Act = () => void | Promise<unknown>;

/**
 * Does what belongs together one after the other, and at once where nothing is under way: what has to ask the server first
 * holds back what follows it, and nothing else.
 */
export class Lanes {
  readonly #log: Log;
  readonly #waiting = new Map<string, Act[]>();
  readonly #running = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  run(lane: string, act: Act): void {
    const waiting = this.#waiting.get(lane);
    if (waiting !== undefined) {
      waiting.push(act);
      return;
    }
    const done = this.#try(act);
    if (done === undefined) return;
    const queue: Act[] = [];
    this.#waiting.set(lane, queue);
    const running = this.#drain(lane, done, queue);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Forgets what waits. */
  clear(): void {
    for (const queue of this.#waiting.values()) queue.length = 0;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #drain(lane: string, first: Promise<unknown>, queue: Act[]): Promise<void> {
    await first;
    for (let act = queue.shift(); act !== undefined; act = queue.shift()) await this.#try(act);
    this.#waiting.delete(lane);
  }

  /** One event that cannot be made sense of ends nothing. */
  #try(act: Act): Promise<unknown> | undefined {
    const failed = (error: unknown): void => {
      this.#log.warn('An event of the server could not be followed.', error);
    };
    try {
      const done = act();
      return done?.catch(failed);
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}
