import { l10n } from '../../core/l10n.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import type { Message } from '../turns/entries.ts';
import type { Failure } from './errorCard.ts';

/**
 * How a message ended that did not come to its end. `unfinished`: it has none, and another process may go on with it;
 * `ofSource`: the fork was made while its source still wrote it; `empty`: it came to its end and says nothing.
 */
export type MessageEnd =
  | 'unanswered'
  | 'interrupted'
  | 'unfinished'
  | 'ofSource'
  | 'length'
  | 'content-filter'
  | 'other'
  | 'empty';

/** How a step ends that says all that it was to say, or that another step follows. */
const goodEnds: ReadonlySet<string | undefined> = new Set([undefined, 'stop', 'tool-calls', 'unknown']);

/** What stands in an answer beside what it says and does. */
const silent: ReadonlySet<string> = new Set(['reasoning', 'step-start', 'step-finish', 'snapshot', 'retry']);

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
    if (!goodEnds.has(head.finish) && !isFollowed(messages, index)) return nameFinish(head.finish);
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
  return parts.every((part) => (part.type === 'text' ? !/\S/.test(part.text) : silent.has(part.type)));
}

function nameFinish(finish: string | undefined): MessageEnd {
  return finish === 'length' || finish === 'content-filter' ? finish : 'other';
}

/** The end in words. */
export function describeMessageEnd(end: MessageEnd): string {
  switch (end) {
    case 'unanswered':
      return l10n.t('This was not answered: the server ended before it began, or would not begin.');
    case 'interrupted':
      return l10n.t('This answer was cut off: the server ended in the middle of it.');
    case 'unfinished':
      return l10n.t(
        'This answer has no end, and nothing works on it here. Its server ended in the middle of it, or another OpenCode process is still at it.',
      );
    case 'ofSource':
      return l10n.t('This answer was still being written when the session was forked. Here it ends.');
    case 'length':
      return l10n.t('This answer was cut at the output limit of the model.');
    case 'content-filter':
      return l10n.t('This answer was cut by the content filter of the provider.');
    case 'other':
      return l10n.t('The provider ended this answer without saying that it is whole.');
    case 'empty':
      return l10n.t('The model ended without an answer.');
  }
}
