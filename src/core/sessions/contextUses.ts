import type { ServerEvent } from '../../protocol/events.ts';
import type { AssistantMessage, MessageWithParts } from '../../protocol/records.ts';
import { Emitter, type Disposable } from '../event.ts';
import { isSame } from '../isSame.ts';
import type { ServerSink } from '../ports/serverSink.ts';
import { countContext, type CountedContext, type ModelName } from './usage.ts';

export interface CountedAnswer extends CountedContext, ModelName {}

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
    if (event.type === 'session.compacted') this.#forgetFull(event.properties.sessionID);
    if (event.type === 'session.deleted') this.#answers.delete(event.properties.info.id);
    if (event.type !== 'message.updated' || event.properties.info.role !== 'assistant') return;
    const answer = event.properties.info;
    const counted = countAnswer(answer);
    if (counted !== undefined) this.#put(answer.sessionID, counted);
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  /** What was in the context is no longer; what its summary takes, which may be told before, is. */
  #forgetFull(sessionId: string): void {
    const known = this.#answers.get(sessionId);
    if (known === undefined || known.isLeast) return;
    this.#answers.delete(sessionId);
    this.#didChange.fire({ sessionId });
  }

  #put(sessionId: string, answer: CountedAnswer): void {
    const isNews = !isSame(this.#answers.get(sessionId), answer);
    this.#answers.set(sessionId, answer);
    this.#old.delete(sessionId);
    if (isNews) this.#didChange.fire({ sessionId });
  }
}

/** How full the context is by an answer; undefined: it does not say. */
export function countAnswer({
  tokens,
  summary,
  time,
  error,
  providerID,
  modelID,
}: AssistantMessage): CountedAnswer | undefined {
  if (tokens === undefined) return undefined;
  const { input, output, reasoning, cache } = tokens;
  const counted = countContext({
    all: input + output + reasoning + cache.read + cache.write,
    output,
    isSummary: summary === true,
    isWhole: time.completed !== undefined && error === undefined,
  });
  return counted && { ...counted, providerID, modelID };
}

/** The same by the latest of these messages that says it. */
export function countLatest(messages: readonly MessageWithParts[]): CountedAnswer | undefined {
  for (const { info } of messages.toReversed()) {
    const counted = info.role === 'assistant' ? countAnswer(info) : undefined;
    if (counted !== undefined) return counted;
  }
  return undefined;
}
