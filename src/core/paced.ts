import type { Disposable } from './event.ts';

/** Calls back once, after so many milliseconds, unless it is taken back. */
type StartTimer = (callback: () => void, milliseconds: number) => Disposable;

/**
 * Does for each key at once what is planned after a pause, and once at the end of the pause what is planned sooner:
 * however often it is planned, it runs in measure, and always after the last time.
 */
export class Paced<Key> implements Disposable {
  readonly #startTimer: StartTimer;
  readonly #pause: number;
  readonly #run: (key: Key) => void;
  /** The keys that were run a moment ago, and whether they were planned since. */
  readonly #pausing = new Map<Key, { readonly timer: Disposable; isDue: boolean }>();

  /** `pause`: milliseconds from one run of a key to its next. */
  constructor(startTimer: StartTimer, pause: number, run: (key: Key) => void) {
    this.#startTimer = startTimer;
    this.#pause = pause;
    this.#run = run;
  }

  plan(key: Key): void {
    const pausing = this.#pausing.get(key);
    if (pausing !== undefined) {
      pausing.isDue = true;
      return;
    }
    const timer = this.#startTimer(() => {
      const isDue = this.#pausing.get(key)?.isDue === true;
      this.#pausing.delete(key);
      if (isDue) this.plan(key);
    }, this.#pause);
    this.#pausing.set(key, { timer, isDue: false });
    this.#run(key);
  }

  dispose(): void {
    for (const { timer } of this.#pausing.values()) timer.dispose();
    this.#pausing.clear();
  }
}
