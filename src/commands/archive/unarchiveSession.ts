import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { requireArchive } from '../requireArchive.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface UnarchiveSessionDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'updateSession'>;
}

/** Takes sessions out of the archive. */
export function unarchiveSession(deps: UnarchiveSessionDeps): Command {
  return async (argument, selection) => {
    requireArchive(deps.openCode);
    const chosen = await chooseSessions(deps, argument, selection, {
      title: l10n.t('Unarchive Session'),
      suits: isArchived,
      none: l10n.t('No session is archived.'),
    });
    const archived = chosen.filter(isArchived);
    await Promise.all(archived.map(({ id }) => deps.openCode.updateSession(id, { archived: 0 })));
    return chosen[0]?.id;
  };
}
