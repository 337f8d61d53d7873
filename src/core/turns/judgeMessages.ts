import { parseBroughtBack } from '../../protocol/broughtBack.ts';
import type { AssistantMessage, MessageWithParts, Part, PartOf, Session } from '../../protocol/records.ts';
import type { PromptEnding } from './followedPrompt.ts';
import { judgeEnd, judgeError, judgeFinished, type Outcome } from './outcome.ts';
import { withoutReverted } from './standing.ts';
import { isFinished } from './turn.ts';

/**
 * How the last run of an idle session ended, from its messages (at least those of that run, in the order of
 * time); undefined where nothing was ever asked. What is reverted does not count.
 *
 * A prompt that no message answers was never begun with, whatever was done in the session after it: neither a
 * command in the shell nor a compaction is an answer.
 */
export function judgeMessages(
  messages: readonly MessageWithParts[],
  revert?: Session['revert'],
): Outcome | undefined {
  const standing = withoutReverted(messages, revert);
  const prompt = standing.findLast(isPrompt);
  if (prompt?.info.role === 'user' && !isAnswered(prompt, standing)) {
    return { kind: 'unanswered', prompt: prompt.info };
  }
  const last = standing.findLast((message) => message.info.role === 'assistant' || isCompaction(message));
  if (last === undefined) return undefined;
  return last.info.role === 'user'
    ? { kind: 'unanswered', prompt: last.info }
    : judgeAnswer(last.info, last.parts);
}

/** What became of one prompt of an idle session, whatever was sent after it. */
export function judgePrompt(messages: readonly MessageWithParts[], messageId: string): PromptEnding {
  const answers = messages.map(({ info }) => info).filter((info) => info.role === 'assistant');
  const answer = answers.findLast((info) => info.parentID === messageId);
  const isEnd = answer !== undefined && isFinished(answer);
  const outcome = isEnd ? judgeEnd(answer) : judgeMessages(messages);
  if (outcome !== undefined && outcome.kind !== 'settled') return outcome;
  return isEnd ? { kind: 'answered', answer } : { kind: 'superseded' };
}

/**
 * Whether a prompt, or what the server asked itself after it to go on with it, was answered to the end, whatever ran in
 * the session since: a compaction or a command in the shell that failed takes no answer back.
 */
export function wasAnswered(messages: readonly MessageWithParts[], messageId: string): boolean {
  const from = messages.findIndex(({ info }) => info.id === messageId);
  if (from === -1) return false;
  const turn = messages.slice(from);
  return turn.filter(isPrompt).some((prompt) => {
    const answers = turn.filter(({ info }) => info.role === 'assistant' && info.parentID === prompt.info.id);
    return judgeMessages([prompt, ...answers])?.kind === 'settled';
  });
}

/** What stands in an answer beside what it says and does. */
const silentParts: ReadonlySet<string> = new Set([
  'reasoning',
  'step-start',
  'step-finish',
  'snapshot',
  'retry',
]);

/** Whether the last thing in a session is an answer to a prompt whose last step came to its end, and says and does nothing. */
export function isAnsweredWithNothing(messages: readonly MessageWithParts[], messageId: string): boolean {
  const last = messages.at(-1);
  if (last?.info.role !== 'assistant' || last.info.parentID !== messageId) return false;
  if (last.info.error !== undefined) return false;
  return last.parts.every((part) =>
    part.type === 'text' ? !/\S/.test(part.text) : silentParts.has(part.type),
  );
}

/**
 * Whether the message wants an answer of the model. A context that was told, a command in the shell, a note and what a fork
 * brought back have only texts that nobody typed; what the server says itself after a compaction wants one all the same.
 */
function isPrompt({ info, parts }: MessageWithParts): boolean {
  return info.role === 'user' && parts.some(isAsked);
}

function isAsked(part: Part): boolean {
  if (part.type === 'compaction') return false;
  if (part.type !== 'text') return true;
  if (part.metadata?.['compaction_continue'] === true) return true;
  return part.synthetic !== true && part.ignored !== true && parseBroughtBack(part) === undefined;
}

function isCompaction({ parts }: MessageWithParts): boolean {
  return parts.some(({ type }) => type === 'compaction');
}

function isAnswered({ info }: MessageWithParts, messages: readonly MessageWithParts[]): boolean {
  return messages.some((message) => message.info.role === 'assistant' && message.info.parentID === info.id);
}

/** How the last answer of an idle session ended. */
function judgeAnswer(answer: AssistantMessage, parts: readonly Part[]): Outcome {
  if (answer.error !== undefined) return judgeError(answer.error);
  if (answer.time.completed === undefined) return { kind: 'interrupted', answer };
  if (isStoppedInRetry(answer, parts)) return { kind: 'aborted' };
  const calls = lastCalls(parts);
  if (isFinished(answer) && !goesOnAfter(answer, calls)) return judgeFinished(answer);
  return calls.some(isRejected) ? { kind: 'rejected' } : { kind: 'interrupted', answer };
}

/** It is completed, no end of it is named, and its last step has none: it was stopped while it waited to try again. */
function isStoppedInRetry({ finish }: AssistantMessage, parts: readonly Part[]): boolean {
  if (finish !== undefined) return false;
  const step = parts.findLast(({ type }) => type === 'step-start' || type === 'step-finish');
  return parts.length === 0 || step?.type === 'step-start';
}

/** The tool calls of the last step. */
function lastCalls(parts: readonly Part[]): readonly PartOf<'tool'>[] {
  const start = parts.findLastIndex(({ type }) => type === 'step-start');
  return parts.slice(start + 1).filter((part) => part.type === 'tool');
}

/** Whatever end a step names, the server goes on after calls that it made itself and that were not broken off. */
function goesOnAfter(answer: AssistantMessage, calls: readonly PartOf<'tool'>[]): boolean {
  if (answer.finish === undefined || (answer.structured ?? undefined) !== undefined) return false;
  return calls.some(
    ({ state, metadata }) =>
      metadata?.['providerExecuted'] !== true &&
      !(state.status === 'error' && state.metadata?.['interrupted'] === true),
  );
}

/** Somebody said no to the call, or to the question that it asked; the server's words are all that tells (1.18). */
function isRejected({ state }: PartOf<'tool'>): boolean {
  return state.status === 'error' && /^The user (?:rejected permission|dismissed)/.test(state.error);
}
