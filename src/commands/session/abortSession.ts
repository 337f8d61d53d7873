import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface AbortSessionDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'abortSession'>;
}

/** Stops what the sessions are doing, and with it what their subagents do. */
export function abortSession(deps: AbortSessionDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseSessions(deps, argument, selection, {
      title: l10n.t('Stop Session'),
      suits: ({ id }) => deps.sessions.status(id).type !== 'idle',
      none: l10n.t('No session is working.'),
    });
    await Promise.all(chosen.map(({ id }) => deps.openCode.abortSession(id)));
    return chosen[0]?.id;
  };
}
