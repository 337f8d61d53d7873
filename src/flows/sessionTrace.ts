import { NotFoundProblem } from '../core/errors.ts';
import { isSame } from '../core/isSame.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { subagentsBelow } from '../core/sessions/attention.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';

export interface TracePorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages'>;
  readonly sessions: Pick<Sessions, 'all'>;
}

/** By session, the id of its newest message, empty where it has none. */
type NewestMessages = ReadonlyMap<string, string>;

/** What shows whether anybody did something in a session: the session itself, and how far it and its subagents are. */
export interface SessionTrace {
  readonly record: Session;
  readonly newest: NewestMessages;
}

/** Throws `NotFoundProblem` where the session is gone. */
export async function readTrace(ports: TracePorts, sessionId: string): Promise<SessionTrace> {
  const [record, newest] = await Promise.all([
    ports.openCode.getSession(sessionId),
    readNewest(ports, sessionId),
  ]);
  return { record, newest };
}

/** Reads how far a session and its subagents are; throws `NotFoundProblem` where the session is gone. */
async function readNewest({ openCode, sessions }: TracePorts, sessionId: string): Promise<NewestMessages> {
  const read = async (id: string) => {
    const { messages } = await openCode.listMessages(id, { limit: 1 });
    return [id, messages.at(-1)?.info.id ?? ''] as const;
  };
  const below = subagentsBelow(sessions.all(), sessionId).map(async (id) => {
    try {
      return [await read(id)];
    } catch (error) {
      // The store has not heard yet that it is gone.
      if (error instanceof NotFoundProblem) return [];
      throw error;
    }
  });
  const found = await Promise.all([read(sessionId).then((own) => [own]), ...below]);
  return new Map(found.flat());
}

/** Whether somebody was prompted or reverted since; a subagent that is gone is none in which anything is lost. */
export function hasGoneOn(before: SessionTrace, now: SessionTrace): boolean {
  return [...now.newest].some(([id, newest]) => before.newest.get(id) !== newest);
}

/** Whether somebody put the session elsewhere, or changed what it says of itself. */
export function hasChanged(before: SessionTrace, now: SessionTrace): boolean {
  return !isSame(changeable(before.record), changeable(now.record));
}

function changeable({ title, revert, metadata, time }: Session) {
  return { title, revert, metadata, archived: time.archived };
}
