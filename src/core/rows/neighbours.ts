import type { SessionState } from '../sessions/sessionState.ts';

/** The session one step further in an order, round at its ends; from one that is not in it, its beginning or end. */
export function neighbourOf(
  order: readonly string[],
  current: string | undefined,
  step: 1 | -1,
): string | undefined {
  const at = current === undefined ? -1 : order.indexOf(current);
  if (at === -1) return order.at(step === 1 ? 0 : -1);
  return order.at((at + step) % order.length);
}

export interface NeedSources {
  readonly stateOf: (sessionId: string) => SessionState;
  readonly isUnread: (sessionId: string) => boolean;
}

/** The sessions that need a person: first those that wait, then those that failed and those that finished unseen. */
export function findNeeding(order: readonly string[], { stateOf, isUnread }: NeedSources): readonly string[] {
  const byRank = Map.groupBy(order, (id) => rankOf(stateOf(id), isUnread(id)));
  return ([1, 2, 3] as const).flatMap((rank) => byRank.get(rank) ?? []);
}

/** What was looked at has been seen, so that a failure is no news any more. */
function rankOf({ kind }: SessionState, isUnread: boolean): 0 | 1 | 2 | 3 {
  if (kind === 'permission' || kind === 'question') return 1;
  if (!isUnread) return 0;
  return kind === 'error' || kind === 'cutOff' ? 2 : 3;
}

/**
 * Which of those that need a person comes next. `earlier` is the list as it was when the current one was gone to: what
 * was looked at drops out of it, and the way goes on behind where it stood.
 */
export function nextNeeding(
  needing: readonly string[],
  earlier: readonly string[],
  current: string | undefined,
): string | undefined {
  if (current === undefined || needing.includes(current)) return neighbourOf(needing, current, 1);
  const stood = earlier.indexOf(current);
  const behind = stood === -1 ? [] : earlier.slice(stood + 1);
  return behind.find((id) => needing.includes(id)) ?? needing[0];
}
