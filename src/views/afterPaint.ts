import type { Disposable } from '../core/event.ts';

/** Milliseconds in which a page that was told to show another session has painted it. */
const paintTime = 50;

/**
 * Runs once, when the window has painted what the reader waits for, what else there is to do: of what it is told at the
 * same time, the window draws titles and rows first, and a page that turned to another session waits.
 */
export class AfterPaint implements Disposable {
  readonly #run: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  plan(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, paintTime);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
