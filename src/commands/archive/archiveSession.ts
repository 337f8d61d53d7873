import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { listNames } from '../../core/rows/names.ts';
import { requireArchive } from '../requireArchive.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface ArchiveSessionDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'updateSession'>;
  readonly notify: Notify;
  readonly now: () => number;
}

/** Puts sessions into the archive: out of sight, nothing is lost, and they can be had back at once. */
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
    if (open.length > 0) deps.notify(describeArchived(deps, open));
    return chosen[0]?.id;
  };
}

function describeArchived({ sessions }: Pick<ArchiveSessionDeps, 'sessions'>, open: readonly Session[]) {
  const names = listNames(open.map((session) => sessions.title(session)));
  return {
    message:
      open.length === 1
        ? l10n.t('Archived {0}.', names)
        : l10n.t('Archived {0} sessions: {1}.', open.length, names),
    actions: [
      {
        title: l10n.t('Undo'),
        command: 'opencodeSessions.session.unarchive',
        arguments: [undefined, open.map(({ id }) => ({ sessionId: id }))],
      },
    ],
  };
}
