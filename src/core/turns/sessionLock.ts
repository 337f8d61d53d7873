/**
 * Lets what this window sends to a session by itself go one at a time. A compaction holds it from its request to
 * its end: the server would swallow a prompt that comes in between (1.18).
 */
export class SessionLock {
  /** What holds each session last; it never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `act` once nothing else holds the session, in the order of asking. Throws what `act` throws. */
  async hold<T>(sessionId: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(sessionId);
    const released = Promise.withResolvers<void>();
    this.#last.set(sessionId, released.promise);
    try {
      await before;
      return await act();
    } finally {
      released.resolve();
      if (this.#last.get(sessionId) === released.promise) this.#last.delete(sessionId);
    }
  }
}
