import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { requireArchive } from '../requireArchive.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface UndoHandOffDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status'>;
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'updateSession' | 'abortSession'>;
  /** Throws a `Problem` if something happened in the session. */
  readonly assertUndoable: (sessionId: string) => Promise<void>;
  readonly openTranscript: (sessionId: string, how: 'preview') => void;
  readonly now: () => number;
}

/** Archives the session of a hand off in which nothing happened, and goes back to its source. */
export function undoHandOff(deps: UndoHandOffDeps): Command {
  return async (argument) => {
    requireArchive(deps.openCode);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Undo Hand Off'),
      suits: (candidate) => parseLineage(candidate)?.kind === 'handoff' && !isArchived(candidate),
      none: l10n.t('There is no hand off to undo.'),
    });
    if (session === undefined) return undefined;
    const lineage = parseLineage(session);
    if (lineage?.kind !== 'handoff') {
      throw new Problem(l10n.t('“{0}” was not made by a hand off.', deps.sessions.title(session)));
    }
    await deps.assertUndoable(session.id);
    if (deps.sessions.status(session.id).type !== 'idle') await deps.openCode.abortSession(session.id);
    await deps.openCode.updateSession(session.id, { archived: deps.now() });
    if (deps.sessions.get(lineage.from) !== undefined) deps.openTranscript(lineage.from, 'preview');
    return session.id;
  };
}
