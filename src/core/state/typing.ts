import type { ServerEvent } from '../../protocol/events.ts';
import type { ServerSink } from '../ports/serverSink.ts';

/** Milliseconds for which somebody counts as typing after the last word of it. */
export const typingSpan = 10_000;

/** In which sessions somebody types, in this window or, as far as the server tells of it, in another one. */
export class TypingSessions implements ServerSink {
  readonly #now: () => number;
  /** When the last key was heard of, in milliseconds since 1970. */
  readonly #since = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** For how many milliseconds more somebody counts as typing; 0: nobody types. */
  remaining(sessionId: string): number {
    const since = this.#since.get(sessionId);
    if (since === undefined) return 0;
    const remaining = Math.min(typingSpan, since + typingSpan - this.#now());
    if (remaining > 0) return remaining;
    this.#since.delete(sessionId);
    return 0;
  }

  note(sessionId: string, isTyping: boolean): void {
    if (isTyping) this.#since.set(sessionId, this.#now());
    else this.#since.delete(sessionId);
  }

  reset(): void {
    // Nobody stops typing because a connection broke.
  }

  apply(event: ServerEvent): void {
    if (event.type === 'person.typing') this.note(event.properties.sessionID, event.properties.isTyping);
  }
}
