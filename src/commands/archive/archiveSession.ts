import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { requireArchive } from '../requireArchive.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface ArchiveSessionDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'updateSession'>;
  readonly now: () => number;
}

/** Puts sessions into the archive: out of sight, nothing is lost. */
export function archiveSession(deps: ArchiveSessionDeps): Command {
  return async (argument, selection) => {
    requireArchive(deps.openCode);
    const chosen = await chooseSessions(deps, argument, selection, {
      title: l10n.t('Archive Session'),
      suits: (session) => !isArchived(session),
      none: l10n.t('There is no session to archive.'),
    });
    const open = chosen.filter((session) => !isArchived(session));
    await Promise.all(open.map(({ id }) => deps.openCode.updateSession(id, { archived: deps.now() })));
    return chosen[0]?.id;
  };
}
