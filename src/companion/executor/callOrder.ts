/** Keeps the calls of one session in the order in which they were made, as far as they ask for it. */
export class CallOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a call at once; `untilTurn` resolves when those before it have ended, well or badly. */
  async run<T>(sessionId: string, call: (untilTurn: () => Promise<void>) => Promise<T>): Promise<T> {
    const before = this.#last.get(sessionId);
    const running = call(async () => void (await before));
    const ended = Promise.allSettled([before, running]);
    this.#last.set(sessionId, ended);
    try {
      return await running;
    } finally {
      if (this.#last.get(sessionId) === ended) this.#last.delete(sessionId);
    }
  }
}
