import { planComparison, rankForComparison, type Relation } from '../../core/compare/planComparison.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { timeAgo } from '../../core/relativeTime.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { findParting, type PartingDeps } from '../../flows/documents/findParting.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, chooseSessions, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

/** One side of a comparison. */
export interface ComparedSession {
  readonly session: Session;
  readonly title: string;
  /** Only what follows this message is compared; absent: all of the session. */
  readonly after?: string;
}

export interface CompareSessionsDeps extends ChooseSessionDeps, PartingDeps {
  readonly openCode: ChooseSessionDeps['openCode'] & PartingDeps['openCode'];
  readonly sessions: ChooseSessionDeps['sessions'] & Pick<Sessions, 'origin'>;
  readonly dialogs: ChooseSessionDeps['dialogs'] & Pick<Dialogs, 'pickOne' | 'inform'>;
  readonly showComparison: (left: ComparedSession, right: ComparedSession) => Promise<void>;
  readonly now: () => number;
}

/** Opens two sessions side by side, from where they part on. */
export function compareSessions(deps: CompareSessionsDeps): Command {
  return async (argument, selection) => {
    const pair = await choosePair(deps, argument, selection);
    if (pair === undefined) return undefined;
    const plan = planComparison(...pair, deps.sessions);
    const parting = await findParting(deps, plan);
    const side = (session: Session, after: string | undefined): ComparedSession => ({
      session,
      title: deps.sessions.title(session),
      ...(after === undefined ? {} : { after }),
    });
    await deps.showComparison(side(plan.left, parting?.left), side(plan.right, parting?.right));
    if (parting === undefined) deps.dialogs.inform(describeWhole(plan.relation));
    return plan.right.id;
  };
}

async function choosePair(
  deps: CompareSessionsDeps,
  argument: unknown,
  selection: unknown,
): Promise<readonly [Session, Session] | undefined> {
  const purpose = {
    title: l10n.t('Compare Sessions'),
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
  };
  const isSeveral = Array.isArray(selection) && selection.length > 1;
  const chosen = isSeveral ? await chooseSessions(deps, argument, selection, purpose) : [];
  if (chosen.length > 2) {
    throw new Problem(
      l10n.t('Two sessions can be compared, and {0} are selected. Select two.', chosen.length),
    );
  }
  const [one = await chooseSession(deps, argument, purpose), other] = chosen;
  if (one === undefined) return undefined;
  const second = other ?? (await chooseOther(deps, one));
  return second === undefined ? undefined : [one, second];
}

async function chooseOther(deps: CompareSessionsDeps, one: Session): Promise<Session | undefined> {
  const { sessions, dialogs, proof, now } = deps;
  const all = sessions.all().filter((session) => readScratch(proof, session) === undefined);
  const ranked = rankForComparison(one, all, sessions);
  if (ranked.length === 0) throw new Problem(l10n.t('There is no other session to compare this one with.'));
  const isGrouped = ranked.some(({ relation }) => relation.kind !== 'unrelated');
  return dialogs.pickOne(
    l10n.t('Compare “{0}” with', sessions.title(one)),
    ranked.map(({ session, relation }) => ({
      label: sessions.title(session),
      description: timeAgo(session.time.updated, now()),
      ...(isGrouped ? { group: groupOf(relation) } : {}),
      value: session,
    })),
  );
}

function groupOf({ kind }: Relation): string {
  return kind === 'unrelated' ? l10n.t('Other sessions') : l10n.t('Of the same lineage');
}

/** Why all of both is compared. */
function describeWhole({ kind }: Relation): string {
  switch (kind) {
    case 'forked':
      return l10n.t('These sessions have no message in common any more, so all of both is compared.');
    case 'handedOn':
      return l10n.t(
        'One of these sessions goes on with the work of the other, but took none of its messages along, so all of both is compared.',
      );
    case 'unrelated':
      return l10n.t('These sessions share nothing, as far as is known, so all of both is compared.');
  }
}
