import type { Disposable } from '../core/event.ts';

/**
 * Passes on at once what comes after a pause, and gathers what comes sooner: it runs at most once in so many
 * milliseconds, and always after the last word, however many words come.
 */
export class Paced implements Disposable {
  readonly #interval: number;
  readonly #run: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  /** `interval`: milliseconds from one run to the next. */
  constructor(interval: number, run: () => void) {
    this.#interval = interval;
    this.#run = run;
  }

  plan(): void {
    this.#isDue = true;
    if (this.#timer === undefined) this.#pass();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#isDue = false;
  }

  #pass(): void {
    this.#timer = undefined;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#timer = setTimeout(() => this.#pass(), this.#interval);
    this.#run();
  }
}
