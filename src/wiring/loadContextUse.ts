import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import { contextTokens } from '../core/sessions/usage.ts';
import type { Stores } from './stores.ts';

export interface LoadContextUseDeps {
  readonly stores: Pick<Stores, 'sessions' | 'contextUses' | 'directoryFacts'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly log: Log;
}

/** Asks for a session's latest counted answer, unless it was seen already, and for its model's limit. */
export function createLoadContextUse({ stores, openCode, log }: LoadContextUseDeps) {
  return async (sessionId: string): Promise<void> => {
    const session = stores.sessions.get(sessionId);
    if (session === undefined) return;
    try {
      await stores.directoryFacts.load(session.directory);
      if (!stores.contextUses.isWanting(sessionId)) return;
      const { messages } = await openCode.listMessages(sessionId, { limit: 4 });
      const answers = messages.map(({ info }) => info).filter((info) => info.role === 'assistant');
      const counted = answers.findLast(
        ({ tokens, summary }) => summary !== true && tokens !== undefined && contextTokens(tokens) > 0,
      );
      if (counted !== undefined) stores.contextUses.load(sessionId, counted);
    } catch (error) {
      log.debug('The context use of a session is not known.', sessionId, error);
    }
  };
}
