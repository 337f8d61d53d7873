/** Proof that its bearer holds a session; it is worth nothing afterwards. */
export interface Held {
  readonly sessionId: string;
}

/** What holds a session, as a sentence for whoever waits. */
export interface Holder {
  readonly reason: string;
}

/**
 * Lets what this window sends to a session go one at a time. A compaction holds it from its request to its end: the
 * server may swallow a prompt that comes in between.
 */
export class SessionLock {
  /** What holds each session last, and those that wait before it; it never rejects. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #holders = new Map<string, Holder>();

  /** What holds the session; undefined if nothing does. */
  holder(sessionId: string): Holder | undefined {
    return this.#holders.get(sessionId);
  }

  /** Runs `act` once nothing else holds the session, in the order of asking. Throws what `act` throws. */
  async hold<T>(sessionId: string, reason: string, act: (held: Held) => Promise<T>): Promise<T> {
    const before = this.#last.get(sessionId);
    const released = Promise.withResolvers<void>();
    this.#last.set(sessionId, released.promise);
    try {
      await before;
      this.#holders.set(sessionId, { reason });
      return await act({ sessionId });
    } finally {
      this.#holders.delete(sessionId);
      released.resolve();
      if (this.#last.get(sessionId) === released.promise) this.#last.delete(sessionId);
    }
  }
}
