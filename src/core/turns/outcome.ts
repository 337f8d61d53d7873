import type { Outcome } from '../../protocol/outcome.ts';
import type { AssistantMessage, RunError } from '../../protocol/records.ts';
import { isAbort, isFinished, isWhole } from './turn.ts';

export type { Outcome };

/** A run that ended and did not come to its end. */
export type CutOff = Extract<Outcome, { kind: 'incomplete' | 'interrupted' | 'unanswered' }>;

export function isCutOff(outcome: Outcome): outcome is CutOff {
  return outcome.kind === 'incomplete' || outcome.kind === 'interrupted' || outcome.kind === 'unanswered';
}

export function judgeError(error: RunError): Outcome {
  return isAbort(error) ? { kind: 'aborted' } : { kind: 'failed', error };
}

/** Of the last answer of a run, by itself. */
export function judgeEnd(answer: AssistantMessage | undefined): Outcome {
  if (answer?.error !== undefined) return judgeError(answer.error);
  return answer !== undefined && isFinished(answer) ? judgeFinished(answer) : { kind: 'unseen' };
}

/** Of an answer that nothing follows. */
export function judgeFinished(answer: AssistantMessage): Outcome {
  return { kind: isWhole(answer) ? 'settled' : 'incomplete', answer };
}
