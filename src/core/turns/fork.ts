import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { NotFoundProblem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { countStanding } from './standing.ts';
import { isFinished } from './turn.ts';

/** Where a session is forked, in both words: the server's, which excludes a message, and ours, which includes one. */
export interface ForkPoint {
  /** What the server is given: it copies what stands before this message; absent: everything. */
  readonly before: string | undefined;
  /** The last message that the fork includes; absent: none, the fork is empty. */
  readonly at: string | undefined;
  /** When the last message that the fork includes was made, in milliseconds since 1970; 0: it includes none. Absent: nobody looked. */
  readonly end?: number;
}

export interface ForkWish {
  /** The last message that the fork is to include; absent: the last one there is. */
  readonly upTo?: string | undefined;
  /** Whether the session works: of a running turn a server may copy calls that stay "running" for ever. */
  readonly isBusy?: boolean;
  /** What was reverted is listed until the next prompt, and would be copied as if it stood. */
  readonly revert?: Session['revert'];
}

/**
 * Where a fork ends. `messages` are all of the session, or at least those from the wanted one on, in the order of
 * time. It ends with the wanted message, but before what was reverted, with the last turn that came to its end where
 * the session works, and never between the request of a compaction and its summary: the request would swallow the
 * first prompt. Throws `NotFoundProblem` for a message that is not among those that stand: the server would
 * silently copy the whole session.
 */
export function findForkEnd(messages: readonly MessageWithParts[], wish: ForkWish): ForkPoint {
  const end = findEnd(messages, wish);
  if (end === undefined) {
    throw new NotFoundProblem(
      l10n.t('This message is no longer in the session, so nothing was forked. Choose another message.'),
    );
  }
  const last = messages[end]?.info;
  return { before: messages[end + 1]?.info.id, at: last?.id, end: last?.time.created ?? 0 };
}

/** Whether the messages, the latest of a session, tell where such a fork ends: an answer ends what was asked before it. */
export function isForkEndKnown(messages: readonly MessageWithParts[], wish: ForkWish): boolean {
  return messages.slice(0, (findEnd(messages, wish) ?? -1) + 1).some(isGoodAnswer);
}

/** The index of the last message that is copied, -1: none; undefined: the wanted one is not among those that stand. */
function findEnd(
  messages: readonly MessageWithParts[],
  { upTo, isBusy = false, revert }: ForkWish,
): number | undefined {
  const standing = messages.slice(0, countStanding(messages, revert));
  const wanted =
    upTo === undefined ? standing.length - 1 : standing.findIndex(({ info }) => info.id === upTo);
  if (upTo !== undefined && wanted === -1) return undefined;
  const settled = isBusy ? standing.slice(0, lastFinished(standing) + 1) : standing;
  return withoutDanglingCompaction(settled, Math.min(wanted, settled.length - 1));
}

function lastFinished(messages: readonly MessageWithParts[]): number {
  return messages.findLastIndex(({ info }) => isFinished(info));
}

/** The end itself, the summary that it was cut off from, or the last message before a request that nobody answered. */
function withoutDanglingCompaction(messages: readonly MessageWithParts[], end: number): number {
  const request = messages.findLastIndex((message, index) => index <= end && isCompactionRequest(message));
  if (request === -1) return end;
  const summary = messages.findIndex((message, index) => index > request && isGoodAnswer(message));
  if (summary === -1) return withoutDanglingCompaction(messages, request - 1);
  return Math.max(end, summary);
}

function isCompactionRequest({ info, parts }: MessageWithParts): boolean {
  return info.role === 'user' && parts.some(({ type }) => type === 'compaction');
}

/** What the server takes for the end of what was asked before. */
function isGoodAnswer({ info }: MessageWithParts): boolean {
  return info.role === 'assistant' && info.error === undefined && isFinished(info);
}

/** A title for a fork that no sibling has: `T (fork #2)`. A fork of a fork goes on counting. */
export function forkTitle(sourceTitle: string, siblingTitles: readonly string[]): string {
  const source = splitForkTitle(sourceTitle);
  const taken = siblingTitles.map(splitForkTitle).filter(({ base }) => base === source.base);
  const highest = Math.max(source.count, ...taken.map(({ count }) => count));
  return `${source.base} (fork #${highest + 1})`;
}

/** The title as it was before it was numbered; the time that the server gives untitled sessions is left out. */
export function splitForkTitle(title: string): { base: string; count: number } {
  const match = /^(.*?)(?: \(fork #(\d+)\))?$/s.exec(title.trim());
  const base = (match?.[1] ?? '').replace(/ - \d{4}-\d\d-\d\dT[\d:.]+Z$/, '').trim();
  return { base: base === '' ? l10n.t('Session') : base, count: Number(match?.[2] ?? 0) };
}
