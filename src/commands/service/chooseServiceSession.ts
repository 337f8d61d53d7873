import { l10n } from '../../core/l10n.ts';
import type { ChoiceWithActs, Dialogs } from '../../core/ports/dialogs.ts';
import { timeAgo } from '../../core/relativeTime.ts';
import { describeEvidence, recommendSession } from '../../core/services/recommendation.ts';
import type { ServiceFolder } from '../../core/services/serviceFolders.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { pathBelow } from '../../core/withSlashes.ts';
import {
  type EvidencePorts,
  type FolderSession,
  gatherEvidence,
} from '../../flows/preparing/gatherEvidence.ts';
import type { Session } from '../../protocol/records.ts';

export interface ChooseServiceSessionDeps extends EvidencePorts {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  readonly now: () => number;
}

/** `session` absent: a fresh one. */
export interface ServiceChoice {
  readonly session?: Session;
}

/**
 * Asks whether to begin a fresh session in a folder or to go on in one of those that belong to it, with what is known of each;
 * first what is recommended, and why. Without any session nothing is asked. undefined: a person thought better of it.
 */
export async function chooseServiceSession(
  deps: ChooseServiceSessionDeps,
  folder: ServiceFolder,
): Promise<ServiceChoice | undefined> {
  const known = await gatherEvidence(deps, folder.directory);
  if (known.length === 0) return {};
  return deps.dialogs.pickOne(l10n.t('OpenCode Session for {0}', folder.name), offer(deps, folder, known));
}

function offer(
  deps: Pick<ChooseServiceSessionDeps, 'sessions' | 'now'>,
  folder: ServiceFolder,
  known: readonly FolderSession[],
): readonly ChoiceWithActs<ServiceChoice, never>[] {
  const { sessionId, reasons } = recommendSession(
    known.map(({ evidence }) => evidence),
    deps.now(),
  );
  const why = l10n.t('Because {0}.', reasons.join(l10n.t(', and ')));
  const fresh = {
    label: l10n.t('Fresh Session'),
    description: l10n.t('for a new feature that has nothing to do with the others'),
    icon: 'add',
    value: {},
  };
  const isRecommended = (id: string | undefined): boolean => id === sessionId;
  const ordered = known.toSorted(
    (a, b) => Number(isRecommended(b.session.id)) - Number(isRecommended(a.session.id)),
  );
  const rows = ordered.map((entry) => ({
    ...describeSession(deps, folder, entry),
    ...(isRecommended(entry.session.id) && { detail: why, group: l10n.t('Recommended') }),
  }));
  if (sessionId === undefined) return [{ ...fresh, detail: why, group: l10n.t('Recommended') }, ...rows];
  const [first, ...others] = rows;
  const rest = { ...fresh, group: l10n.t('Begin afresh') };
  return first === undefined ? [rest] : [first, rest, ...others];
}

function describeSession(
  { sessions, now }: Pick<ChooseServiceSessionDeps, 'sessions' | 'now'>,
  folder: ServiceFolder,
  { session, evidence }: FolderSession,
): ChoiceWithActs<ServiceChoice, never> {
  const below = pathBelow(folder.directory, session.directory);
  const facts = [timeAgo(session.time.updated, now()), ...describeEvidence(evidence)];
  return {
    label: sessions.title(session),
    description: [...(below === undefined ? [] : [below]), ...facts].join(' · '),
    icon: 'comment-discussion',
    group: evidence.isArchived
      ? l10n.t('Archived')
      : l10n.t('Go on in one: the same feature, a bug fix, a review'),
    value: { session },
  };
}
