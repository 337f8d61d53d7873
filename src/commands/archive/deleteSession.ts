import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { whenStopped, type Timer } from './whenStopped.ts';

export interface DeleteSessionDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status' | 'onDidChange'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'abortSession' | 'deleteSession'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'confirm'>;
  readonly timer: Timer;
}

/**
 * Deletes sessions with their subagents, after a question. Working ones are stopped first: deleting a busy
 * session may leave a runner behind in the server that fails for ever.
 */
export function deleteSession(deps: DeleteSessionDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseSessions(deps, argument, selection, {
      title: l10n.t('Delete Session'),
      none: l10n.t('There is no session to delete.'),
    });
    const [first] = chosen;
    if (first === undefined) return undefined;
    const below = new Map(chosen.map(({ id }) => [id, subagentsBelow(deps.sessions.all(), id)]));
    const subagents = new Set([...below.values()].flat());
    // The server deletes subagents along with their session.
    const tops = chosen.filter(({ id }) => !subagents.has(id));
    for (const { id } of chosen) subagents.delete(id);
    const concerned = [...chosen.map(({ id }) => id), ...subagents];
    // What a session of another folder does is not known.
    const mayWork = (id: string) =>
      deps.sessions.get(id) === undefined || deps.sessions.status(id).type !== 'idle';
    const busy = concerned.filter(mayWork);
    if (!(await deps.dialogs.confirm(buildQuestion(chosen, subagents.size, busy.length)))) return undefined;
    await Promise.all(busy.map((id) => deps.openCode.abortSession(id)));
    await whenStopped(deps.sessions, concerned, deps.timer);
    for (const { id } of tops) await deps.openCode.deleteSession(id);
    return first.id;
  };
}

function buildQuestion(chosen: readonly Session[], subagents: number, busy: number) {
  const message =
    chosen.length === 1
      ? l10n.t('Delete “{0}”?', chosen[0]?.title ?? '')
      : l10n.t('Delete {0} sessions?', chosen.length);
  const detail = [
    subagents === 1 ? l10n.t('Its subagent session is deleted as well.') : undefined,
    subagents > 1 ? l10n.t('{0} subagent sessions are deleted as well.', subagents) : undefined,
    busy > 0 ? l10n.t('What is working is stopped first.') : undefined,
    l10n.t('This cannot be undone. Forks stay.'),
  ].filter((sentence) => sentence !== undefined);
  return { message, detail: detail.join(' '), action: l10n.t('Delete') };
}

/** The ids of all sessions below this one by `parentID`. */
function subagentsBelow(sessions: readonly Session[], sessionId: string): readonly string[] {
  const children = Map.groupBy(sessions, ({ parentID }) => parentID);
  const found = new Set<string>();
  const open = [sessionId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const child of children.get(id) ?? []) {
      if (found.has(child.id) || child.id === sessionId) continue;
      found.add(child.id);
      open.push(child.id);
    }
  }
  return [...found];
}
