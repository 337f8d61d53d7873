import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { WaitingPrompts } from '../../core/prompts/prompting.ts';
import { listNames } from '../../core/rows/names.ts';
import { subagentsBelow } from '../../core/sessions/attention.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { readRelays } from '../../core/turns/relayProof.ts';
import type { Deletions } from '../../flows/deletions.ts';
import type { WrittenPrompts } from '../../flows/prompting/writtenPrompts.ts';
import { writtenKey } from '../../flows/whatHolds.ts';
import { chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { whenStopped, type Timer } from '../whenStopped.ts';

export interface DeleteSessionDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status' | 'onDidChange'>;
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'abortSession'>;
  readonly deletions: Pick<Deletions, 'begin' | 'deleteNow'>;
  readonly waiting: Pick<WaitingPrompts, 'of'>;
  readonly written: Pick<WrittenPrompts, 'has'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'confirm'>;
  readonly timer: Timer;
}

/**
 * Deletes sessions with their subagents. Where the server has an archive they stand there for a while first and can be had
 * back; else they are deleted after a question. What waits in them goes with them after a question, and what works is stopped first, after a question in any case: deleting a
 * busy session may leave a runner behind in the server that fails for ever. The text of what is written in them is kept.
 */
export function deleteSession(deps: DeleteSessionDeps): Command {
  return async (argument, selection) => {
    const { sessions, openCode, deletions, dialogs, timer } = deps;
    const chosen = await chooseSessions(deps, argument, selection, {
      title: l10n.t('Delete Session'),
      none: l10n.t('There is no session to delete.'),
    });
    const [first] = chosen;
    if (first === undefined) return undefined;
    const below = new Map(chosen.map(({ id }) => [id, subagentsBelow(sessions.all(), id)]));
    const subagents = new Set([...below.values()].flat());
    // The server deletes subagents along with their session.
    const tops = chosen.filter(({ id }) => !subagents.has(id));
    for (const { id } of chosen) subagents.delete(id);
    const concerned = [...chosen.map(({ id }) => id), ...subagents];
    // What a session of another folder does is not known.
    const mayWork = (id: string) => sessions.get(id) === undefined || sessions.status(id).type !== 'idle';
    const busy = concerned.filter(mayWork);
    const waiting = new Set([
      ...concerned.flatMap((id) => deps.waiting.of(id).map((prompt) => prompt.id)),
      // What waits in a session of another folder is in no list.
      ...chosen.flatMap((session) => readRelays(deps.proof, session)?.legs ?? []).map((leg) => leg.messageId),
    ]);
    const written = concerned.filter((id) => deps.written.has(id));
    const isUndoable = openCode.abilities.archive;
    const question = buildQuestion({
      names: chosen.map((session) => sessions.title(session)),
      subagents: subagents.size,
      waiting: waiting.size,
      written: written.length,
      busy: busy.length,
      isUndoable,
    });
    if ((busy.length > 0 || waiting.size > 0 || !isUndoable) && !(await dialogs.confirm(question)))
      return undefined;
    await Promise.all(busy.map((id) => openCode.abortSession(id)));
    await whenStopped(sessions, concerned, timer);
    const known = new Set([...waiting, ...written.map(writtenKey)]);
    if (isUndoable) await deletions.begin(tops, known);
    else for (const session of tops) await deletions.deleteNow(session, known);
    return first.id;
  };
}

function buildQuestion({
  names,
  subagents,
  waiting,
  written,
  busy,
  isUndoable,
}: {
  readonly names: readonly string[];
  readonly subagents: number;
  /** So many prompts wait there. */
  readonly waiting: number;
  /** In so many composers a prompt is written. */
  readonly written: number;
  readonly busy: number;
  readonly isUndoable: boolean;
}) {
  const message =
    names.length === 1
      ? l10n.t('Delete “{0}”?', names[0] ?? '')
      : l10n.t('Delete {0} sessions?', names.length);
  const detail = [
    names.length > 1 ? l10n.t('{0}.', listNames(names)) : undefined,
    subagents === 1 ? l10n.t('Its subagent session is deleted as well.') : undefined,
    subagents > 1 ? l10n.t('{0} subagent sessions are deleted as well.', subagents) : undefined,
    waiting === 1 ? l10n.t('A prompt that waits there is deleted as well.') : undefined,
    waiting > 1 ? l10n.t('{0} prompts that wait there are deleted as well.', waiting) : undefined,
    written === 1 ? l10n.t('A prompt is written there that was not sent; its text is kept.') : undefined,
    written > 1
      ? l10n.t('{0} prompts are written there that were not sent; their texts are kept.', written)
      : undefined,
    busy > 0 ? l10n.t('What is working is stopped first.') : undefined,
    isUndoable
      ? l10n.t('For ten seconds this can be undone. Forks stay.')
      : l10n.t('This cannot be undone. Forks stay.'),
  ].filter((sentence) => sentence !== undefined);
  return { message, detail: detail.join(' '), action: l10n.t('Delete') };
}
