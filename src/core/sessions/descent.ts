/** Which sessions came from which: their ids by the id of the session that they came from, which may be gone. */
export class Descent {
  readonly #from = new Map<string, string>();
  readonly #derived = new Map<string, Set<string>>();

  /** The ids of the subagents, forks and hand-offs of a session, in no order. */
  derivedFrom(sessionId: string): ReadonlySet<string> {
    return this.#derived.get(sessionId) ?? new Set();
  }

  put(sessionId: string, from: string | undefined): void {
    if (this.#from.get(sessionId) === from) return;
    this.remove(sessionId);
    if (from === undefined) return;
    this.#from.set(sessionId, from);
    this.#derived.set(from, (this.#derived.get(from) ?? new Set()).add(sessionId));
  }

  remove(sessionId: string): void {
    const from = this.#from.get(sessionId);
    if (from === undefined) return;
    this.#from.delete(sessionId);
    const siblings = this.#derived.get(from);
    siblings?.delete(sessionId);
    if (siblings?.size === 0) this.#derived.delete(from);
  }

  clear(): void {
    this.#from.clear();
    this.#derived.clear();
  }
}
