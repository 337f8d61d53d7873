import type { Session } from '../../protocol/records.ts';
import { findOrigin } from './sessionKind.ts';

/** Which sessions came from which: their ids by the id of the session that they came from, which may be gone. */
export class Descent {
  readonly #from = new Map<string, string>();
  readonly #derived = new Map<string, Set<string>>();

  /** The ids of the subagents, forks and hand-offs of a session, in no order. */
  derivedFrom(sessionId: string): ReadonlySet<string> {
    return this.#derived.get(sessionId) ?? new Set();
  }

  put(session: Session): void {
    const { from } = findOrigin(session);
    if (this.#from.get(session.id) === from) return;
    this.remove(session.id);
    if (from === undefined) return;
    this.#from.set(session.id, from);
    this.#derived.set(from, (this.#derived.get(from) ?? new Set()).add(session.id));
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
