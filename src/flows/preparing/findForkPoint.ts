import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { findForkEnd, type ForkPoint, isForkEndKnown } from '../../core/turns/fork.ts';
import type { Session } from '../../protocol/records.ts';

export interface FindForkPointDeps {
  readonly sessions: Pick<Sessions, 'status'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
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
  const isBusy = sessions.status(source.id).type !== 'idle';
  const wish = { upTo: messageId, isBusy, revert: source.revert };
  const messages = await loadMessagesBack(
    openCode,
    source.id,
    (loaded) => isForkEndKnown(loaded, wish),
    messageId === undefined ? fewMessages : undefined,
  );
  const point = findForkEnd(messages, wish);
  const idle = findForkEnd(messages, { ...wish, isBusy: false });
  const isWhole = messageId === undefined && point.before === undefined;
  return { point: isWhole ? { before: undefined, at: undefined } : point, shortened: point.at !== idle.at };
}
