import { approachesWith, groupOf } from '../../core/sessions/related.ts';
import { Problem, type Remedy, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { listNames } from '../../core/rows/names.ts';
import type { Attention } from '../../core/sessions/attention.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { findHold, type HoldPorts } from '../../flows/whatHolds.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { requireArchive } from '../requireArchive.ts';

export interface KeepApproachDeps extends ChooseSessionDeps, HoldPorts {
  readonly sessions: ChooseSessionDeps['sessions'] &
    HoldPorts['sessions'] &
    Pick<Sessions, 'origin' | 'derivedFrom'>;
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'updateSession'>;
  readonly attention: Pick<Attention, 'of'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'confirm'>;
  readonly notify: Notify;
  readonly now: () => number;
}

/** Something that goes on in a session, or waits there, and would do so unseen in the archive. */
interface Held {
  readonly session: Session;
  readonly why: 'works' | 'asks' | 'awaited';
}

/**
 * Keeps one of several approaches: the others go into the archive, from which they can be had back at once. One in which
 * something goes on or waits stays where it is seen.
 */
export function keepApproach(deps: KeepApproachDeps): Command {
  return async (argument) => {
    requireArchive(deps.openCode);
    const kept = await chooseSession(deps, argument, {
      title: l10n.t('Keep Which Approach?'),
      suits: (session) => !isArchived(session) && othersOf(deps, session).length > 0,
      none: l10n.t('There are no approaches to choose from. Start some with “Fork into Approaches…”.'),
    });
    if (kept === undefined) return undefined;
    const others = requireOthers(deps, kept);
    const held = findHeld(deps, others);
    const resting = without(others, held);
    if (held.length > 0 && !(await mayLeave(deps, kept, held, resting))) return undefined;
    // While the person was asked, something may have begun in one of them.
    const begun = held.length > 0 ? findHeld(deps, resting) : [];
    const leaving = without(resting, begun);
    if (leaving.length === 0) throw noneRests(deps, kept, [...held, ...begun]);
    const archived = await archive(deps, kept, leaving);
    deps.notify({
      message: [
        l10n.t('Kept “{0}”; archived {1}.', deps.sessions.title(kept), namesOf(deps, archived)),
        ...[...held, ...begun].map((one) => describeHeld(deps, one)),
      ].join(' '),
      actions: [undo(archived)],
    });
    return kept.id;
  };
}

/** Those that were started with it and are still in sight. */
function othersOf({ sessions }: Pick<KeepApproachDeps, 'sessions'>, session: Session): readonly Session[] {
  return approachesWith(sessions, session).filter((other) => other.id !== session.id && !isArchived(other));
}

function requireOthers(deps: KeepApproachDeps, kept: Session): readonly Session[] {
  const title = deps.sessions.title(kept);
  if (groupOf(kept) === undefined) {
    throw new Problem(
      l10n.t(
        '“{0}” is no approach: it was not started together with others, so none is put away for it.',
        title,
      ),
    );
  }
  if (isArchived(kept)) {
    throw new Problem(l10n.t('“{0}” is in the archive itself. Take it out first.', title), {
      remedy: {
        title: l10n.t('Unarchive Session'),
        command: 'opencodeSessions.session.unarchive',
        arguments: [{ sessionId: kept.id }],
      },
    });
  }
  const others = othersOf(deps, kept);
  if (others.length > 0) return others;
  throw new Problem(l10n.t('The other approaches beside “{0}” are archived or deleted already.', title));
}

function findHeld(deps: KeepApproachDeps, others: readonly Session[]): readonly Held[] {
  return others.flatMap((session): Held[] => {
    // What is only written there keeps its text in the archive, too.
    const hold = findHold(deps, session.id, new Set());
    if (deps.attention.of(session.id).length > 0) return [{ session, why: 'asks' }];
    return hold === 'works' || hold === 'awaited' ? [{ session, why: hold }] : [];
  });
}

function without(sessions: readonly Session[], held: readonly Held[]): readonly Session[] {
  return sessions.filter(({ id }) => held.every(({ session }) => session.id !== id));
}

async function mayLeave(
  deps: KeepApproachDeps,
  kept: Session,
  held: readonly Held[],
  resting: readonly Session[],
): Promise<boolean> {
  const why = held.map((one) => describeHeld(deps, one)).join(' ');
  const title = deps.sessions.title(kept);
  if (resting.length === 0) throw noneRests(deps, kept, held);
  return deps.dialogs.confirm({
    message: l10n.t('Keep “{0}” and archive {1} alone?', title, namesOf(deps, resting)),
    detail: l10n.t('{0} What is not at rest stays where it is seen.', why),
    action: l10n.t('Keep and Archive'),
  });
}

function noneRests(deps: KeepApproachDeps, kept: Session, held: readonly Held[]): Problem {
  const why = held.map((one) => describeHeld(deps, one)).join(' ');
  return new Problem(
    l10n.t(
      '{0} In the archive nobody would see that. Keep “{1}” once it is at rest.',
      why,
      deps.sessions.title(kept),
    ),
    { remedy: remedyFor(held) },
  );
}

function describeHeld({ sessions }: Pick<KeepApproachDeps, 'sessions'>, { session, why }: Held): string {
  const title = sessions.title(session);
  switch (why) {
    case 'works':
      return l10n.t('“{0}” is working.', title);
    case 'asks':
      return l10n.t('“{0}” waits for your answer.', title);
    case 'awaited':
      return l10n.t('In “{0}” a prompt waits or is on its way.', title);
  }
}

function remedyFor(held: readonly Held[]): Remedy {
  const [first] = held;
  const { length } = held;
  return first?.why === 'works' && length === 1
    ? {
        title: l10n.t('Stop Session'),
        command: 'opencodeSessions.session.abort',
        arguments: [{ sessionId: first.session.id }],
      }
    : {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [first?.session.id],
      };
}

/** Answers with those that are put away. Where one could not be, it says which were, with a way back. */
async function archive(
  deps: KeepApproachDeps,
  kept: Session,
  resting: readonly Session[],
): Promise<readonly Session[]> {
  const archived: Session[] = [];
  for (const session of resting) {
    try {
      await deps.openCode.updateSession(session.id, { archived: deps.now() });
      archived.push(session);
    } catch (cause) {
      const failed = l10n.t('“{0}” was not archived. {1}', deps.sessions.title(session), sentenceOf(cause));
      const before = l10n.t('Archived before that: {0}.', namesOf(deps, archived));
      const again: Remedy = {
        title: l10n.t('Try Again'),
        command: 'opencodeSessions.approaches.keep',
        arguments: [{ sessionId: kept.id }],
      };
      throw new Problem(archived.length === 0 ? failed : `${failed} ${before}`, { cause, remedy: again });
    }
  }
  return archived;
}

function undo(archived: readonly Session[]): Remedy {
  return {
    title: l10n.t('Undo'),
    command: 'opencodeSessions.session.unarchive',
    arguments: [undefined, archived.map(({ id }) => ({ sessionId: id }))],
  };
}

function namesOf({ sessions }: Pick<KeepApproachDeps, 'sessions'>, some: readonly Session[]): string {
  return listNames(some.map((session) => sessions.title(session)));
}
