import type { Place } from '../transcript/place.ts';
import type { SessionLook } from './transcriptView.ts';

/** How many sessions a page keeps, so that a switch back to one shows it at once. */
export const keptSessions = 8;

/** What a page was told of a session when it turned away from it. */
export interface Told {
  /** The transcript's revision, as `TranscriptStore` counts. */
  readonly revision: number;
  readonly look: SessionLook;
  /** The first of the newest messages that the page was given with none missing between. */
  readonly oldest: Place | undefined;
}

/**
 * What a page still has of the sessions that it showed: it keeps those that were looked at last, in the same order. A
 * page that has less than is believed here says so by asking for everything.
 */
export class PageMemory {
  /** Oldest use first; undefined: it is told of every change. */
  readonly #told = new Map<string, Told | undefined>();

  /** undefined: the page has it no more, or not as it was left. */
  find(sessionId: string): Told | undefined {
    return this.#told.get(sessionId);
  }

  /** The page turns to the session, with what it has of it. */
  use(sessionId: string): void {
    if (this.#told.has(sessionId)) this.#put(sessionId, this.#told.get(sessionId));
  }

  /** The page is given the session whole. */
  give(sessionId: string): void {
    this.#put(sessionId, undefined);
    const [oldest] = this.#told.keys();
    if (this.#told.size > keptSessions && oldest !== undefined) this.#told.delete(oldest);
  }

  /** The page is told nothing more of the session; `told`: what it has, where that is known. */
  leave(sessionId: string, told: Told | undefined): void {
    if (this.#told.has(sessionId)) this.#told.set(sessionId, told);
  }

  clear(): void {
    this.#told.clear();
  }

  #put(sessionId: string, told: Told | undefined): void {
    this.#told.delete(sessionId);
    this.#told.set(sessionId, told);
  }
}
