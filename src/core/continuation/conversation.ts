import { parseBroughtBack } from '../../protocol/broughtBack.ts';
import { isOfAgent } from '../../protocol/relayed.ts';
import type { MessageWithParts } from '../../protocol/records.ts';
import { withoutEarlierAttempts } from '../turns/earlierAttempts.ts';
import { isFinished } from '../turns/turn.ts';
import { plainStart, sayShort } from './digest/say.ts';
import { isHandoff, readRequest } from './request.ts';

/** In tokens. */
const requestLength = 40;

/**
 * What the user asked for, in the user's own words and short, oldest first: the first request (it set the
 * goal) and the latest ones, `limit` in all. What a compaction, a tool or an agent wrote as "user" is left out.
 */
export function userRequests(messages: readonly MessageWithParts[], limit: number): readonly string[] {
  const distinct = [
    ...new Set(
      messages
        .filter((message) => message.info.role === 'user' && !isBroughtBack(message) && !isAgents(message))
        .map(ownText)
        .filter((text) => text !== ''),
    ),
  ];
  const chosen =
    distinct.length <= limit
      ? distinct
      : [...distinct.slice(0, 1), ...distinct.slice(distinct.length - limit + 1)];
  return chosen.map((text) => plainStart(sayShort(readRequest(text), requestLength)));
}

/** What the last answer that came to its end said, whole; undefined if there is none. Compaction summaries are no answers. */
export function lastConclusion(messages: readonly MessageWithParts[]): string | undefined {
  const last = messages.findLast(isConclusion);
  return last === undefined ? undefined : ownText(last);
}

/** Who gave the last conclusion, and the messages since the prompt that it answers. */
export function lastTurn(messages: readonly MessageWithParts[]): {
  readonly agent: string | undefined;
  readonly messages: readonly MessageWithParts[];
} {
  const end = messages.findLastIndex(isConclusion);
  const answer = messages[end]?.info;
  if (answer?.role !== 'assistant') return { agent: undefined, messages: [] };
  const start = messages.findLastIndex(({ info }, index) => index < end && info.role === 'user');
  return { agent: answer.agent || undefined, messages: messages.slice(start + 1, end + 1) };
}

/** The summary of the last compaction, whole; undefined if the session was never compacted. */
export function lastSummary(messages: readonly MessageWithParts[]): string | undefined {
  const last = messages.findLast(
    (message) =>
      message.info.role === 'assistant' && message.info.summary === true && ownText(message) !== '',
  );
  return last === undefined ? undefined : ownText(last);
}

/** Whether it is an answer that came to its end and said something; the summary of a compaction is none. */
export function isConclusion(message: MessageWithParts): boolean {
  const { info } = message;
  return info.role === 'assistant' && info.summary !== true && isFinished(info) && ownText(message) !== '';
}

/** Whether it is of a person: what the server says itself after a compaction, what was told or brought back is not. */
export function isTypedPrompt(message: MessageWithParts): boolean {
  if (message.info.role !== 'user' || isBroughtBack(message)) return false;
  return ownText(message) !== '' || message.parts.some(({ type }) => type === 'file' || type === 'subtask');
}

/** Whether a fork of the session put it there. */
function isBroughtBack({ parts }: MessageWithParts): boolean {
  return parts.some((part) => part.type === 'text' && parseBroughtBack(part) !== undefined);
}

/** Whether an agent wrote it, in its own name; what it handed off is what the user asked for in the session before. */
function isAgents({ parts }: MessageWithParts): boolean {
  return parts.some((part) => part.type === 'text' && isOfAgent(part) && !isHandoff(part.text));
}

/** The text of a message that its author wrote. */
export function ownText(message: MessageWithParts): string {
  return verbatimText(message).trim();
}

/** The same with the blanks around it. */
export function verbatimText({ parts }: MessageWithParts): string {
  return withoutEarlierAttempts(parts)
    .flatMap((part) =>
      part.type === 'text' && part.synthetic !== true && part.ignored !== true ? part.text : [],
    )
    .join('\n');
}
