import type { Disposable } from '../core/event.ts';

/** Calls back at an interval, but only while there is a reason to: it costs nothing otherwise. */
export class Ticker implements Disposable {
  readonly #milliseconds: number;
  readonly #tick: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, tick: () => void) {
    this.#milliseconds = milliseconds;
    this.#tick = tick;
  }

  runWhile(isWanted: boolean): void {
    if (isWanted === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isWanted ? setInterval(this.#tick, this.#milliseconds) : undefined;
  }

  dispose(): void {
    this.runWhile(false);
  }
}
