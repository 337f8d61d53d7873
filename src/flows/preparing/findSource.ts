import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';

export interface FindSourceDeps {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly openCode: Pick<OpenCode, 'getSession'>;
}

/**
 * The session that a command or a draft is about: one outside the workspace's folders is not in the store, but the server
 * knows it. Throws `NotFoundProblem` if it was deleted meanwhile.
 */
export async function findSource(
  { sessions, openCode }: FindSourceDeps,
  { sessionId }: { readonly sessionId: string },
): Promise<Session> {
  return sessions.get(sessionId) ?? openCode.getSession(sessionId);
}
