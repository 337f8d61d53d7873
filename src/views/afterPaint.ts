import type { Disposable } from '../core/event.ts';

/** Milliseconds in which a page that was told to show another session has painted it. */
const paintTime = 50;

/**
 * Runs once, when the page has painted the session that it turned to, what else there is to draw for it: the window draws
 * titles and rows first if it is told of them at the same time, and the reader waits for the page.
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
