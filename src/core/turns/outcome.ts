import type { AssistantMessage, RunError, UserMessage } from '../../protocol/records.ts';
import { isAbort, isFinished, isWhole } from './turn.ts';

/** How a run ended. Only `settled` is an end after which something may go on by itself. */
export type Outcome =
  | { readonly kind: 'settled'; readonly answer: AssistantMessage }
  /** The answer came to an end and is not whole: its `finish` is `length`, or says nothing that is known. */
  | { readonly kind: 'incomplete'; readonly answer: AssistantMessage }
  | { readonly kind: 'failed'; readonly error: RunError }
  /** Somebody pressed stop, here or in a terminal. */
  | { readonly kind: 'aborted' }
  /** A permission or a question was rejected, which ends a run without an answer. */
  | { readonly kind: 'rejected' }
  /** It ended before a message answered the last prompt: the server is gone, or would not begin. */
  | { readonly kind: 'unanswered'; readonly prompt: UserMessage }
  /** It ended within its last message, or after a step that another one should have followed: the server is gone. */
  | { readonly kind: 'interrupted'; readonly answer: AssistantMessage }
  /** It ended while nobody listened, or without a sign of how: ask the server (`judgeMessages`). */
  | { readonly kind: 'unseen' }
  | { readonly kind: 'deleted' };

/** A run that ended and did not come to its end. */
export type CutOff = Extract<Outcome, { kind: 'incomplete' | 'interrupted' | 'unanswered' }>;

export function isCutOff(outcome: Outcome): outcome is CutOff {
  return outcome.kind === 'incomplete' || outcome.kind === 'interrupted' || outcome.kind === 'unanswered';
}

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
  if (reason !== undefined) return judgeError(reason);
  if (answer !== undefined && isFinished(answer)) {
    return retrying === true && answer.finish === undefined ? { kind: 'aborted' } : judgeFinished(answer);
  }
  if (rejected === true) return { kind: 'rejected' };
  return { kind: 'unseen' };
}

export function judgeError(error: RunError): Outcome {
  return isAbort(error) ? { kind: 'aborted' } : { kind: 'failed', error };
}

/** Of an answer that nothing follows. */
export function judgeFinished(answer: AssistantMessage): Outcome {
  return { kind: isWhole(answer) ? 'settled' : 'incomplete', answer };
}
