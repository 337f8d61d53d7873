import type { AssistantMessage, Message, RunError } from '../../protocol/records.ts';

/** How a step ends that another step follows. */
const goesOn: ReadonlySet<string> = new Set(['tool-calls', 'unknown']);

/**
 * Whether this is an answer that nothing follows: completed with an end of its own, a structured answer, or an
 * error. The server gives a step that called tools the same `completed`; what a person ran in the shell is
 * completed without naming an end.
 */
export function isFinished(message: Message): boolean {
  if (message.role !== 'assistant') return false;
  if (message.error !== undefined) return true;
  if (message.time.completed === undefined) return false;
  return isStructured(message) || message.finish === undefined || !goesOn.has(message.finish);
}

/**
 * Whether a finished answer says all that it was to say. The server takes as an end also that the output limit was
 * reached, and stores no error for it.
 */
export function isWhole(answer: AssistantMessage): boolean {
  return isStructured(answer) || answer.finish === undefined || answer.finish === 'stop';
}

/** Whether somebody pressed stop; that is an end, not an error. */
export function isAbort(error: RunError): boolean {
  return error.name === 'MessageAbortedError';
}

function isStructured({ structured }: AssistantMessage): boolean {
  return structured !== undefined && structured !== null;
}
