import type { ServerEvent } from '../../protocol/events.ts';
import type { AssistantMessage } from '../../protocol/records.ts';
import { Emitter, type Disposable } from '../event.ts';
import { isSame } from '../isSame.ts';
import type { ServerSink } from '../ports/serverSink.ts';
import { contextTokens } from './usage.ts';

export type CountedAnswer = Pick<AssistantMessage, 'tokens' | 'providerID' | 'modelID'>;

/**
 * The latest counted answer of each session, as far as it was seen: from it follows how full the context is.
 * The session's own `tokens` are the sum over all its answers and say nothing about that.
 */
export class ContextUses implements ServerSink, Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #answers = new Map<string, CountedAnswer>();
  /** Those after which others may have come since the stream broke. */
  readonly #old = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  latest(sessionId: string): CountedAnswer | undefined {
    return this.#answers.get(sessionId);
  }

  /** Whether the server is to be asked for it. */
  isWanting(sessionId: string): boolean {
    return !this.#answers.has(sessionId) || this.#old.has(sessionId);
  }

  /** Takes what the server was asked for, unless an event told of a later answer meanwhile. */
  load(sessionId: string, answer: CountedAnswer): void {
    if (this.isWanting(sessionId)) this.#put(sessionId, answer);
  }

  reset(): void {
    for (const sessionId of this.#answers.keys()) this.#old.add(sessionId);
  }

  apply(event: ServerEvent): void {
    if (event.type === 'session.compacted') this.#answers.delete(event.properties.sessionID);
    if (event.type === 'session.deleted') this.#answers.delete(event.properties.info.id);
    if (event.type !== 'message.updated' || event.properties.info.role !== 'assistant') return;
    const answer = event.properties.info;
    if (!isCounted(answer)) return;
    const { sessionID, tokens, providerID, modelID } = answer;
    const before = this.#answers.get(sessionID)?.tokens;
    if (before !== undefined && contextTokens(before) === contextTokens(tokens)) return;
    this.#put(sessionID, { tokens, providerID, modelID });
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #put(sessionId: string, answer: CountedAnswer): void {
    const isNews = !isSame(this.#answers.get(sessionId), answer);
    this.#answers.set(sessionId, answer);
    this.#old.delete(sessionId);
    if (isNews) this.#didChange.fire({ sessionId });
  }
}

/** Whether an answer says how full the context is. One that is a summary read the whole context but does not stay in it. */
export function isCounted(
  answer: AssistantMessage,
): answer is AssistantMessage & { readonly tokens: NonNullable<AssistantMessage['tokens']> } {
  const { tokens, summary } = answer;
  return summary !== true && tokens !== undefined && contextTokens(tokens) > 0;
}
