import type { AssistantMessage, RunError } from '../../protocol/records.ts';
import { isAbort, isFinished } from './turn.ts';

/** How a run ended. Only `settled` is an end after which something may go on by itself. */
export type Outcome =
  | { readonly kind: 'settled'; readonly answer: AssistantMessage }
  | { readonly kind: 'failed'; readonly error: RunError }
  /** Somebody pressed stop, here or in a terminal. */
  | { readonly kind: 'aborted' }
  /** A permission or a question was rejected, which ends a run without an answer. */
  | { readonly kind: 'rejected' }
  /** It ended while nobody listened, or without a sign of how: ask the server (`judgeMessages`). */
  | { readonly kind: 'unseen' }
  | { readonly kind: 'deleted' };

/** What was seen of a run. */
export interface Run {
  /** The newest assistant message of this run. */
  answer?: AssistantMessage;
  error?: RunError;
  rejected?: true;
  /** It waits to try again, or did so when it ended: an abort then is told by no error (1.18). */
  retrying?: boolean;
}

export function judgeRun({ answer, error, rejected, retrying }: Run): Outcome {
  const reason = error ?? answer?.error;
  if (reason !== undefined) return isAbort(reason) ? { kind: 'aborted' } : { kind: 'failed', error: reason };
  if (answer !== undefined && isFinished(answer)) {
    return retrying === true && answer.finish === undefined
      ? { kind: 'aborted' }
      : { kind: 'settled', answer };
  }
  if (rejected === true) return { kind: 'rejected' };
  return { kind: 'unseen' };
}
