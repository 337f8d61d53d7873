import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { findForkEnd, type ForkPoint, isForkEndKnown } from '../../core/turns/fork.ts';
import { isFinished } from '../../core/turns/turn.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { isBusy } from './isBusy.ts';

export interface FindForkPointDeps {
  readonly sessions: Pick<Sessions, 'status'>;
  readonly openCode: Pick<OpenCode, 'listMessages' | 'listStatuses'>;
}

export interface FoundPoint {
  readonly point: ForkPoint;
  /** Whether less is copied than was asked for. */
  readonly shortened: boolean;
}

/** Where a whole session ends is told by few of its messages. */
const fewMessages = 20;

/** Where a fork that is to end with this message (absent: with the session) ends; of a session that works, with its last settled turn at most. */
export async function findForkPoint(
  { sessions, openCode }: FindForkPointDeps,
  source: Session,
  messageId: string | undefined,
): Promise<FoundPoint> {
  const wish = { upTo: messageId, revert: source.revert };
  const isKnownBusy = sessions.status(source.id).type !== 'idle';
  const messages = await loadMessagesBack(
    openCode,
    source.id,
    (loaded) => isForkEndKnown(loaded, { ...wish, isBusy: isKnownBusy || !isSettled(loaded) }),
    messageId === undefined ? fewMessages : undefined,
  );
  // Of a turn that has just begun, this window may not have heard yet.
  const works = isKnownBusy || (!isSettled(messages) && (await isBusy(openCode, source)));
  const point = findForkEnd(messages, { ...wish, isBusy: works });
  const idle = findForkEnd(messages, { ...wish, isBusy: false });
  const shortened = point.at !== idle.at;
  if (point.before !== undefined) return { point, shortened };
  const at = messageId === undefined ? undefined : point.at;
  return { point: { before: undefined, at, newest: messages.at(-1)?.info.time.created ?? 0 }, shortened };
}

/**
 * Where a fork of everything is to end that turned out to hold what came after its point was found: a prompt that nobody
 * has answered yet would be carried out in the fork, too. undefined: it holds nothing newer.
 */
export async function findForkPointAnew(
  openCode: Pick<OpenCode, 'listMessages'>,
  source: Pick<Session, 'id'>,
  fork: Pick<Session, 'id'>,
  { before, at, newest }: ForkPoint,
): Promise<ForkPoint | undefined> {
  if (before !== undefined || newest === undefined) return undefined;
  const copied = await openCode.listMessages(fork.id, { limit: 1 });
  if (!isNewer(copied.messages.at(-1), newest)) return undefined;
  const isReached = (loaded: readonly MessageWithParts[]): boolean => !isNewer(loaded[0], newest);
  const messages = await loadMessagesBack(openCode, source.id, isReached, fewMessages);
  const first = messages.findIndex((message) => isNewer(message, newest));
  // A copy has the time of its original (1.18), which is in the source.
  return first === -1
    ? undefined
    : { before: messages[first]?.info.id, at: at ?? messages[first - 1]?.info.id };
}

function isSettled(messages: readonly MessageWithParts[]): boolean {
  const last = messages.at(-1);
  return last === undefined || isFinished(last.info);
}

function isNewer(message: MessageWithParts | undefined, time: number): boolean {
  return message !== undefined && message.info.time.created > time;
}
