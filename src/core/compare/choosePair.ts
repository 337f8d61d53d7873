import { formatLines } from '../changes/changesFigure.ts';
import { l10n } from '../l10n.ts';
import { type ComparedPair, type ComparedSession, hasSettled } from './comparison.ts';

type Ranked = Pick<ComparedSession, 'name' | 'changes' | 'state' | 'outcome'>;

/** The two that are worth a look first: those that settled, then those that changed less; with the reason as a sentence. */
export function choosePair(sessions: readonly Ranked[]): ComparedPair {
  const ranked = rankSessions(sessions);
  const [first = 0, second = 1] = ranked;
  const [left, right] = first < second ? [first, second] : [second, first];
  return { left, right, reason: reasonFor(sessions, first, second) };
}

/** The places of the sessions, those before that are worth a look before the others. */
export function rankSessions(sessions: readonly Ranked[]): readonly number[] {
  const rank = (index: number): readonly number[] => {
    const session = sessions[index];
    if (session === undefined) return [];
    const { additions, deletions, files, isPartial } = session.changes;
    // Of one of which not all is known, nobody can say that it is small.
    return [hasSettled(session) ? 0 : 1, isPartial === true ? 1 : 0, additions + deletions, files, index];
  };
  return sessions
    .map((_, index) => index)
    .toSorted((a, b) => {
      const [one, other] = [rank(a), rank(b)];
      return (
        one.map((value, place) => value - (other[place] ?? 0)).find((difference) => difference !== 0) ?? 0
      );
    });
}

function reasonFor(sessions: readonly Ranked[], first: number, second: number): string {
  if (sessions.length === 2) return l10n.t('There are only these two.');
  const settled = sessions.filter(hasSettled).length;
  const [one, other] = [sessions[first], sessions[second]];
  if (one === undefined || other === undefined) return '';
  const sizes = [formatLines(one.changes), formatLines(other.changes)] as const;
  if (settled === 2) return l10n.t('These two settled, the others did not.');
  if (settled === 1) {
    return l10n.t(
      'Only “{0}” settled; of the others “{1}” has the smallest change ({2}).',
      one.name,
      other.name,
      sizes[1],
    );
  }
  if (settled === 0) {
    return l10n.t('None has settled yet; these two have the smallest changes ({0} and {1}).', ...sizes);
  }
  return settled === sessions.length
    ? l10n.t('All settled; these two have the smallest changes ({0} and {1}).', ...sizes)
    : l10n.t(
        'Of the {0} that settled, these two have the smallest changes ({1} and {2}).',
        settled,
        ...sizes,
      );
}
