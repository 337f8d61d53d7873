import type { Offers } from '../state/offers.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import { type ContextUses, countLatest } from './contextUses.ts';
import type { Sessions } from './sessionStore.ts';

export interface LoadContextUseDeps {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly contextUses: Pick<ContextUses, 'isWanting' | 'load'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly log: Log;
}

/** Among so many of its newest messages a counted answer is looked for. */
const glanceSize = 4;

/** Asks for a session's latest counted answer, unless it was seen already, and for its model's limit. */
export async function loadContextUse(
  { sessions, contextUses, offers, openCode, log }: LoadContextUseDeps,
  sessionId: string,
): Promise<void> {
  const session = sessions.get(sessionId);
  if (session === undefined) return;
  try {
    await offers.load(session.directory);
    if (!contextUses.isWanting(sessionId)) return;
    const { messages } = await openCode.listMessages(sessionId, { limit: glanceSize });
    const counted = countLatest(messages);
    if (counted !== undefined) contextUses.load(sessionId, counted);
  } catch (error) {
    log.debug('The context use of a session is not known.', sessionId, error);
  }
}
