import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/openCode.ts';
import { chooseSession, type ChooseSessionDeps } from './chooseSession.ts';
import type { Command } from './command.ts';

export interface UnrevertSessionDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'getSession' | 'unrevertSession'>;
}

/** Brings back what a revert took away, as long as no prompt followed it. */
export function unrevertSession(deps: UnrevertSessionDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Undo Revert'),
      suits: ({ revert }) => revert !== undefined,
      none: l10n.t('No session has a revert that could be undone.'),
    });
    if (session !== undefined) await deps.openCode.unrevertSession(session.id);
    return session?.id;
  };
}
