import type { Session } from '../../protocol/records.ts';
import { ancestorsOf } from '../sessions/related.ts';
import type { Sessions } from '../sessions/sessionStore.ts';

/** How two sessions belong together. */
export type Relation =
  /** They share messages from their beginning on: `forks` are the sessions that were forked on the way, with all between them. */
  | { readonly kind: 'forked'; readonly ancestor: string; readonly forks: readonly string[] }
  /** One went on with the other's work, or both with another one's, and took no messages along. */
  | { readonly kind: 'handedOn' }
  | { readonly kind: 'unrelated' };

/** Two sessions side by side, the one that was there first on the left. */
export interface ComparisonPlan {
  readonly left: Session;
  readonly right: Session;
  readonly relation: Relation;
}

/** Says how two sessions are to be compared, by where they came from as far as that is known. */
export function planComparison(
  one: Session,
  other: Session,
  sessions: Pick<Sessions, 'get' | 'origin'>,
): ComparisonPlan {
  const [left, right] = one.time.created <= other.time.created ? [one, other] : [other, one];
  return { left, right, relation: findRelation(left, right, sessions) };
}

/** Sessions of the same lineage first, then all others, each the latest first; without the session itself. */
export function rankForComparison(
  session: Session,
  all: readonly Session[],
  sessions: Pick<Sessions, 'get' | 'origin'>,
): readonly { readonly session: Session; readonly relation: Relation }[] {
  return all
    .filter(({ id }) => id !== session.id)
    .map((other) => ({ session: other, relation: findRelation(session, other, sessions) }))
    .toSorted((a, b) => rankOf(a.relation) - rankOf(b.relation) || lastTouched(b) - lastTouched(a));
}

const ranks = { forked: 0, handedOn: 0, unrelated: 1 } as const;
const rankOf = ({ kind }: Relation): number => ranks[kind];
const lastTouched = ({ session }: { readonly session: Session }): number => session.time.updated;

function findRelation(one: Session, other: Session, sessions: Pick<Sessions, 'get' | 'origin'>): Relation {
  const ways = [one, other].map((session) => ancestorsOf(sessions, session));
  const [ours = [], others = []] = ways;
  for (const [index, { id }] of ours.entries()) {
    const at = others.findIndex((ancestor) => ancestor.id === id);
    if (at === -1) continue;
    const steps = [...ours.slice(0, index), ...others.slice(0, at)];
    if (steps.some(({ isForked }) => !isForked)) return { kind: 'handedOn' };
    return { kind: 'forked', ancestor: id, forks: steps.map((step) => step.id) };
  }
  return { kind: 'unrelated' };
}
