import {
  buildRequestEntries,
  type RequestEntries,
  type RequestSources,
} from '../../core/requests/requestEntry.ts';
import type { Attention, Waiting } from '../../core/sessions/attention.ts';

export interface WaitingRequestsPorts extends Pick<RequestSources, 'sessions' | 'calls'> {
  readonly attention: Pick<Attention, 'of'>;
}

/** What sessions wait for, as a page is told of it. */
export class WaitingRequests {
  readonly #ports: WaitingRequestsPorts;
  /** What was opened of permissions that are too long for the page, by the id of their request. */
  readonly #opened = new Map<string, string>();

  constructor(ports: WaitingRequestsPorts) {
    this.#ports = ports;
  }

  /** Of the session and its subagents. */
  of(sessionId: string): readonly Waiting[] {
    return this.#ports.attention.of(sessionId);
  }

  entries(sessionId: string): RequestEntries {
    return buildRequestEntries(sessionId, this.of(sessionId), { ...this.#ports, opened: this.#opened });
  }

  /** The person has all of this before the eyes: it can be allowed, also by a page that begins anew. */
  noteOpened(requestId: string, text: string): void {
    this.#opened.set(requestId, text);
  }
}
