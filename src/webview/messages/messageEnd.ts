import { isSilent, type MessageEnd, readFinish } from '../../core/turns/messageEnd.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import type { Message } from '../turns/entries.ts';
import type { Failure } from './errorCard.ts';

/** What is to be said of the end of message `index`, if anything; while the session works, its last answer goes on. */
export function messageEnd(
  messages: readonly Message[],
  index: number,
  header: Pick<SessionHeader, 'status' | 'end'> | undefined,
): MessageEnd | undefined {
  const head = messages[index]?.head;
  if (head === undefined || head.error !== undefined) return undefined;
  const isWorking = (header?.status.type ?? 'idle') !== 'idle';
  const isNewest = !isAnsweredLater(messages, index);
  if (isWorking && isNewest) return undefined;
  if (head.role === 'assistant') {
    if (head.completed === undefined) {
      if (head.copied === true) return 'ofSource';
      return isNewest && !isSure(header, head.id) ? 'unfinished' : 'interrupted';
    }
    const cut = readFinish(head.finish);
    if (cut !== undefined && !isFollowed(messages, index)) return cut;
  }
  const end = header?.end;
  const isTold = end !== undefined && end.kind !== 'unseen' && end.kind !== 'incomplete';
  if (!isTold || end.messageId !== head.id) return isEmpty(messages, index) ? 'empty' : undefined;
  return end.kind === 'interrupted' && !end.isSure ? 'unfinished' : end.kind;
}

/** What ended the last run badly: said of its last message, where none of the run says so itself. */
export function runFailure(
  messages: readonly Message[],
  index: number,
  header: Pick<SessionHeader, 'status' | 'lastError' | 'lastRemedies'> | undefined,
): Failure | undefined {
  if (index !== messages.length - 1 || header?.status.type !== 'idle') return undefined;
  const { lastError: message, lastRemedies: remedies = [] } = header;
  const start = messages.findLastIndex(({ head }) => head.role === 'user');
  const isSaid = messages.slice(Math.max(0, start)).some(({ head }) => head.error !== undefined);
  return message === undefined || isSaid ? undefined : { message, remedies };
}

/**
 * Whether a prompt stands there that the running turn has not taken up: it came while an answer was being written, and
 * none has begun since.
 */
export function waitsForStep(
  messages: readonly Message[],
  index: number,
  header: Pick<SessionHeader, 'status'> | undefined,
): boolean {
  const status = header?.status.type;
  if (messages[index]?.head.role !== 'user' || (status !== 'busy' && status !== 'retry')) return false;
  if (isAnsweredLater(messages, index)) return false;
  const running = messages.slice(0, index).findLast(({ head }) => head.role === 'assistant')?.head;
  // Between two steps of a run none is open.
  return running !== undefined && (running.completed === undefined || running.finish === 'tool-calls');
}

/** The message at which the last run was cut off. */
export function endedAt(header: Pick<SessionHeader, 'end'> | undefined): string | undefined {
  const end = header?.end;
  return end === undefined || end.kind === 'unseen' ? undefined : end.messageId;
}

function isAnsweredLater(messages: readonly Message[], index: number): boolean {
  return messages.slice(index + 1).some(({ head }) => head.role === 'assistant');
}

function isSure(header: Pick<SessionHeader, 'end'> | undefined, messageId: string): boolean {
  const end = header?.end;
  return end?.kind === 'interrupted' && end.messageId === messageId && end.isSure;
}

/** Another step of the same run comes after it, as after a call that the output limit cut. */
function isFollowed(messages: readonly Message[], index: number): boolean {
  const next = messages[index + 1]?.head;
  return next?.role === 'assistant' && next.parentID === messages[index]?.head.parentID;
}

/** The last step of an answer without a word and without a call, perhaps with a thought. */
function isEmpty(messages: readonly Message[], index: number): boolean {
  const { head, parts = [] } = messages[index] ?? {};
  if (head?.role !== 'assistant' || parts.length === 0 || isFollowed(messages, index)) return false;
  return isSilent(parts);
}
