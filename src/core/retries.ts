import type { Disposable } from './event.ts';

export interface RetriesPorts {
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly retry: (id: string) => void;
}

const firstPause = 1000;
const longestPause = 30_000;

/** Tries again what could not be done for a session, a message or a request, after a pause that is twice as long each time. */
export class Retries implements Disposable {
  readonly #ports: RetriesPorts;
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, Disposable>();
  #isDisposed = false;

  constructor(ports: RetriesPorts) {
    this.#ports = ports;
  }

  /** Whether something waits to be tried again; until then there is no use in trying. */
  isWaiting(id: string): boolean {
    return this.#timers.has(id);
  }

  /** Something failed: it is tried again by itself. Answers with how often it failed in a row. */
  later(id: string): number {
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    this.again(id, Math.min(firstPause * 2 ** (failures - 1), longestPause));
    return failures;
  }

  /** Nothing failed, but it is of use to look again after so many milliseconds. */
  again(id: string, milliseconds: number): void {
    this.#stop(id);
    // What was under way when the window ended may fail after that.
    if (this.#isDisposed) return;
    const timer = this.#ports.startTimer(() => {
      this.#timers.delete(id);
      this.#ports.retry(id);
    }, milliseconds);
    this.#timers.set(id, timer);
  }

  /** It went well, or what was in its way is gone. */
  reset(id: string): void {
    this.#failures.delete(id);
    this.#stop(id);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const id of this.#timers.keys()) this.#stop(id);
  }

  #stop(id: string): void {
    this.#timers.get(id)?.dispose();
    this.#timers.delete(id);
  }
}
