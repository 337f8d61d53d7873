import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { findForkEnd, type ForkPoint, isForkEndKnown } from '../../core/turns/fork.ts';
import { isFinished } from '../../core/turns/turn.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { isBusy } from '../../core/turns/isBusy.ts';

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
  const isWhole = messageId === undefined && point.before === undefined;
  return { point: isWhole ? { ...point, at: undefined } : point, shortened: point.at !== idle.at };
}

/**
 * Where a fork ends that an agent makes in the middle of its turn: before the message in which it does so, of which a
 * server would copy a call that stays "running" for ever. What the turn did before goes along.
 */
export async function findForkPointWithin(
  openCode: Pick<OpenCode, 'listMessages'>,
  source: Pick<Session, 'id'>,
  messageId: string,
): Promise<ForkPoint> {
  const isCalling = ({ info }: MessageWithParts): boolean => info.id === messageId;
  const messages = await loadMessagesBack(
    openCode,
    source.id,
    (loaded) => loaded.findIndex(isCalling) > 0,
    fewMessages,
  );
  const last = messages[messages.findIndex(isCalling) - 1]?.info;
  return { before: messageId, at: last?.id, end: last?.time.created ?? 0 };
}

/**
 * Where a fork is to end that does not end where it was meant to; undefined: it does. It holds more where something came
 * after its point was found, e.g. a prompt, which would be carried out in the fork, too; and less where the server was
 * killed while it copied.
 */
export async function findForkPointAnew(
  openCode: Pick<OpenCode, 'listMessages'>,
  source: Pick<Session, 'id'>,
  fork: Pick<Session, 'id'>,
  point: ForkPoint,
): Promise<ForkPoint | undefined> {
  const { at, end } = point;
  if (end === undefined) return undefined;
  const { messages: copied } = await openCode.listMessages(fork.id, { limit: 1 });
  // A copy has the time of its original.
  const last = copied.at(-1)?.info.time.created ?? 0;
  if (last <= end) return last < end ? point : undefined;
  const isReached = (loaded: readonly MessageWithParts[]): boolean => !isNewer(loaded[0], end);
  const messages = await loadMessagesBack(openCode, source.id, isReached, fewMessages);
  const first = messages.findIndex((message) => isNewer(message, end));
  if (first === -1) return undefined;
  return { before: messages[first]?.info.id, at: at ?? messages[first - 1]?.info.id, end };
}

function isSettled(messages: readonly MessageWithParts[]): boolean {
  const last = messages.at(-1);
  return last === undefined || isFinished(last.info);
}

function isNewer(message: MessageWithParts | undefined, time: number): boolean {
  return message !== undefined && message.info.time.created > time;
}
