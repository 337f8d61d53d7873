import { approachesBelow, approachesWith, rootOf } from '../../core/sessions/related.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { relativeTime } from '../../core/relativeTime.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import { kindName } from '../../core/sessions/sessionRow.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { findSource } from '../../flows/preparing/findSource.ts';
import type { Session } from '../../protocol/records.ts';
import type { ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSelection, parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface ChooseComparedDeps extends ChooseSessionDeps {
  readonly sessions: ChooseSessionDeps['sessions'] & Pick<Sessions, 'origin' | 'derivedFrom'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickSeveral'>;
  readonly now: () => number;
}

/**
 * The sessions that are to be compared: those that are selected; the approaches of the one that is named or looked at, or
 * those that were started from it; else those that a person picks of what has something in common with it.
 */
export async function chooseCompared(
  deps: ChooseComparedDeps,
  argument: unknown,
  selection: unknown,
): Promise<readonly Session[] | undefined> {
  const { fromSelection } = parseSessionArgument(argument);
  const named = fromSelection === true ? deps.selectedSessionIds() : parseSelection(argument, selection);
  const sessions = await Promise.all(named.map((sessionId) => findSource(deps, { sessionId })));
  if (sessions.length > 1) return sessions;
  const current = deps.sessions.get(deps.currentSessionId() ?? '');
  const only = sessions[0] ?? current;
  const group = only && findGroup(deps, only);
  if (group !== undefined) return group;
  const relatives = only === undefined ? [] : relativesOf(deps, only);
  // What is only looked at need not be what is meant.
  if (only !== undefined && (sessions.length > 0 || relatives.length > 0)) return pick(deps, relatives, only);
  return pick(deps, withRelatives(deps));
}

function findGroup(
  { sessions }: Pick<ChooseComparedDeps, 'sessions'>,
  session: Session,
): readonly Session[] | undefined {
  const groups = [approachesWith(sessions, session), ...approachesBelow(sessions, session)];
  return groups.find((approaches) => approaches.length > 1);
}

function listed({ sessions, proof }: ChooseComparedDeps): readonly Session[] {
  return sessions
    .all()
    .filter((session) => session.parentID === undefined && readScratch(proof, session) === undefined)
    .toSorted((a, b) => b.time.updated - a.time.updated);
}

/** Those that have a session in common with this one: the first of all that each came from is the same. */
function relativesOf(deps: ChooseComparedDeps, session: Session): readonly Session[] {
  const first = rootOf(deps.sessions, session);
  return listed(deps).filter((other) => other.id !== session.id && rootOf(deps.sessions, other) === first);
}

function withRelatives(deps: ChooseComparedDeps): readonly Session[] {
  const families = Map.groupBy(listed(deps), (session) => rootOf(deps.sessions, session));
  return listed(deps).filter((session) => (families.get(rootOf(deps.sessions, session))?.length ?? 0) > 1);
}

/** `beside`: one that is compared in any case. */
async function pick(
  { sessions, dialogs, now }: ChooseComparedDeps,
  candidates: readonly Session[],
  beside?: Session,
): Promise<readonly Session[] | undefined> {
  if (candidates.length === 0) {
    throw new Problem(
      beside === undefined
        ? l10n.t(
            'There is nothing to compare: no session came from another one. Start some with “Fork into Approaches…”.',
          )
        : l10n.t(
            '“{0}” has nothing to be compared with: no session came from it, and it came from none. Start some with “Fork into Approaches…”.',
            sessions.title(beside),
          ),
    );
  }
  const title =
    beside === undefined
      ? l10n.t('Compare Which Sessions?')
      : l10n.t('Compare “{0}” with Which Sessions?', sessions.title(beside));
  const picked = await dialogs.pickSeveral(
    title,
    candidates.map((session) => ({
      label: sessions.title(session),
      description: `${kindName(sessions.origin(session).kind)} · ${relativeTime(session.time.updated, now())}`,
      value: session,
    })),
  );
  if (picked === undefined || picked.length === 0) return undefined;
  return beside === undefined ? picked : [beside, ...picked];
}
