import { judgeEnd } from '../../../core/turns/outcome.ts';
import type { SentEvent, TurnEvent } from '../../../protocol/events.ts';
import type { Outcome } from '../../../protocol/outcome.ts';
import type { AssistantMessage, RunError } from '../../../protocol/records.ts';
import { toRunError } from '../records/toMessage.ts';
import type { WireError } from '../records/wire.ts';

/** What was heard of one execution. */
interface Run {
  answer?: AssistantMessage;
  /** Something that waited has entered the session in it. */
  hasDelivered?: true;
  rejected?: true;
}

export type ExecutionEnd =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'interrupted'; readonly reason: string };

/** Says of each session when it works and how that ended: the server tells each of it once. */
export class Runs {
  readonly #runs = new Map<string, Run>();

  /** A stream begins: what runs was not heard to begin. */
  clear(): void {
    this.#runs.clear();
  }

  start(sessionID: string): TurnEvent {
    this.#runs.set(sessionID, {});
    return { type: 'turn.started', properties: { sessionID } };
  }

  isKnown(sessionId: string): boolean {
    return this.#runs.has(sessionId);
  }

  noteDelivery(sessionId: string): void {
    const run = this.#runs.get(sessionId);
    if (run !== undefined) run.hasDelivered = true;
  }

  hasDelivered(sessionId: string): boolean {
    const run = this.#runs.get(sessionId);
    // What was not heard to begin may have.
    return run === undefined || run.hasDelivered === true;
  }

  note({ type, properties }: SentEvent): void {
    if (type === 'message.updated' && properties.info.role === 'assistant') {
      const run = this.#runs.get(properties.info.sessionID);
      if (run !== undefined) run.answer = properties.info;
    } else if (type === 'permission.replied' && properties.reply === 'reject')
      this.#reject(properties.sessionID);
    else if (type === 'question.rejected') this.#reject(properties.sessionID);
  }

  /** `last`: the newest answer of a run that was not heard from its beginning. */
  end(sessionID: string, end: ExecutionEnd, last?: AssistantMessage): TurnEvent {
    const run = this.#runs.get(sessionID) ?? {};
    this.#runs.delete(sessionID);
    const outcome = judge(end, run.answer ?? last, run.rejected === true);
    return { type: 'turn.ended', properties: { sessionID, outcome } };
  }

  #reject(sessionId: string): void {
    const run = this.#runs.get(sessionId);
    if (run !== undefined) run.rejected = true;
  }
}

function judge(end: ExecutionEnd, answer: AssistantMessage | undefined, isRejected: boolean): Outcome {
  switch (end.kind) {
    case 'succeeded':
      return judgeEnd(answer);
    case 'failed':
      return { kind: 'failed', error: failureOf(end.error, answer) };
    case 'interrupted':
      if (isRejected) return { kind: 'rejected' };
      if (end.reason === 'user') return { kind: 'aborted' };
      // The server ended; a rejection that was not heard says the same (2.0.26).
      return answer === undefined ? { kind: 'unseen' } : { kind: 'interrupted', answer };
  }
}

function failureOf(error: WireError, answer: AssistantMessage | undefined): RunError {
  return error.type === '' && error.message === '' && answer?.error !== undefined
    ? answer.error
    : toRunError(error);
}
