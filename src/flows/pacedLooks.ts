import type { Disposable } from '../core/event.ts';

/** Milliseconds between two looks at a session that changes all the time. */
const pause = 200;

/**
 * Looks at a session when it has changed: at once after a pause, else at the end of it. A session that works, here or in
 * another window, changes many times a second, and each look asks the server.
 */
export class PacedLooks implements Disposable {
  readonly #startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly #look: (sessionId: string) => void;
  /** The sessions that were looked at a moment ago, and whether they changed since. */
  readonly #pausing = new Map<string, { readonly timer: Disposable; changed: boolean }>();

  constructor(
    startTimer: (callback: () => void, milliseconds: number) => Disposable,
    look: (sessionId: string) => void,
  ) {
    this.#startTimer = startTimer;
    this.#look = look;
  }

  changed(sessionId: string): void {
    const pausing = this.#pausing.get(sessionId);
    if (pausing !== undefined) {
      pausing.changed = true;
      return;
    }
    const timer = this.#startTimer(() => {
      const isChanged = this.#pausing.get(sessionId)?.changed === true;
      this.#pausing.delete(sessionId);
      if (isChanged) this.changed(sessionId);
    }, pause);
    this.#pausing.set(sessionId, { timer, changed: false });
    this.#look(sessionId);
  }

  dispose(): void {
    for (const { timer } of this.#pausing.values()) timer.dispose();
    this.#pausing.clear();
  }
}
