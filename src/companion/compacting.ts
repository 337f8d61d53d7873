import { buildCompactionContext } from './compactionContext.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { withoutReverted } from '../core/turns/standing.ts';
import type { Executor } from './executor/executor.ts';

/** Messages that are read for what the user asked for. */
const readLimit = 1000;

/** What a compaction of the session is to keep, as far as the server tells it. */
export async function gatherCompactionContext(
  { flow, sessions, relays }: Executor,
  sessionId: string,
): Promise<readonly string[]> {
  const { openCode } = flow;
  const [session, messages, todos] = await Promise.all([
    openCode.getSession(sessionId),
    loadMessagesBack(openCode, sessionId, (loaded) => loaded.length >= readLimit),
    openCode.abilities.todos ? openCode.listTodos(sessionId) : [],
  ]);
  const pending = relays.pending(sessionId).filter(({ silent }) => silent !== true);
  const standing = withoutReverted(messages, session.revert);
  return buildCompactionContext({ session, sessions: sessions.all(), messages: standing, todos, pending });
}
