import type { OpenCode } from '../core/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { exclusiveForkPoint, type ForkPoint, lastSettledPoint } from '../core/turns/fork.ts';
import type { Session } from '../protocol/records.ts';

export interface FindForkPointDeps {
  readonly sessions: Pick<Sessions, 'status'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
}

export interface FoundPoint {
  readonly point: ForkPoint;
  /** Whether less is copied than was asked for. */
  readonly shortened: boolean;
}

const whole: FoundPoint = { point: { before: undefined, at: undefined }, shortened: false };

/** Where a fork that is to end with this message (absent: with the session) ends; of a session that works, with its last settled turn at most. */
export async function findForkPoint(
  { sessions, openCode }: FindForkPointDeps,
  source: Session,
  messageId: string | undefined,
): Promise<FoundPoint> {
  const isBusy = sessions.status(source.id).type !== 'idle';
  if (messageId === undefined && !isBusy) return whole;
  const messages = await loadMessagesBack(
    openCode,
    source.id,
    (loaded) =>
      (messageId === undefined || loaded.some(({ info }) => info.id === messageId)) &&
      (!isBusy || lastSettledPoint(loaded).at !== undefined),
  );
  const asked = messageId === undefined ? undefined : exclusiveForkPoint(messages, messageId);
  if (!isBusy && asked !== undefined) return { point: asked, shortened: false };
  const settled = lastSettledPoint(messages);
  const place = (id: string | undefined) => messages.findIndex(({ info }) => info.id === id);
  return asked !== undefined && place(asked.at) <= place(settled.at)
    ? { point: asked, shortened: false }
    : { point: settled, shortened: true };
}
