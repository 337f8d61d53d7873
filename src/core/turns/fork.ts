import type { MessageWithParts } from '../../protocol/records.ts';
import { NotFoundProblem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { isFinished } from './turn.ts';

/** Where a session is forked, in both words: the server's, which excludes a message, and ours, which includes one. */
export interface ForkPoint {
  /** What the server is given: it copies what stands before this message; absent: everything. */
  readonly before: string | undefined;
  /** The last message that the fork includes; absent: none, the fork is empty. */
  readonly at: string | undefined;
}

/**
 * The point that makes a fork end with `inclusiveMessageId`. `messages` are all of the session, or at least
 * those from that message on, in the order of time. Throws `NotFoundProblem` for a message that is not among
 * them: the server would silently copy the whole session (1.18).
 */
export function exclusiveForkPoint(
  messages: readonly MessageWithParts[],
  inclusiveMessageId: string,
): ForkPoint {
  const index = messages.findIndex(({ info }) => info.id === inclusiveMessageId);
  if (index === -1) {
    throw new NotFoundProblem(
      l10n.t('This message is no longer in the session, so nothing was forked. Choose another message.'),
    );
  }
  return pointAfter(messages, index);
}

/**
 * The point after the last turn that came to its end, for a session that is working. Of a running turn the
 * server would copy tool calls that stay "running" for ever and texts that stay empty (1.18).
 */
export function lastSettledPoint(messages: readonly MessageWithParts[]): ForkPoint {
  return pointAfter(
    messages,
    messages.findLastIndex(({ info }) => isFinished(info)),
  );
}

/** A title for a fork that no sibling has: `T (fork #2)`. A fork of a fork goes on counting. */
export function forkTitle(sourceTitle: string, siblingTitles: readonly string[]): string {
  const source = splitForkTitle(sourceTitle);
  const taken = siblingTitles.map(splitForkTitle).filter(({ base }) => base === source.base);
  const highest = Math.max(source.count, ...taken.map(({ count }) => count));
  return `${source.base} (fork #${highest + 1})`;
}

function pointAfter(messages: readonly MessageWithParts[], index: number): ForkPoint {
  return { before: messages[index + 1]?.info.id, at: messages[index]?.info.id };
}

/** The title as it was before it was numbered; the time that the server gives untitled sessions is left out. */
export function splitForkTitle(title: string): { base: string; count: number } {
  const match = /^(.*?)(?: \(fork #(\d+)\))?$/s.exec(title.trim());
  const base = (match?.[1] ?? '').replace(/ - \d{4}-\d\d-\d\dT[\d:.]+Z$/, '').trim();
  return { base: base === '' ? l10n.t('Session') : base, count: Number(match?.[2] ?? 0) };
}
