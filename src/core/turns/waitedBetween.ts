import type { Wait } from '../../protocol/page/header.ts';
import { formatDuration } from '../figures.ts';
import { l10n } from '../l10n.ts';

/** For how many milliseconds a run stood still for a person. */
export interface Waited {
  readonly milliseconds: number;
  /** It stood still for longer, and nobody knows for how long. */
  readonly isLeast: boolean;
}

/** For how long a run stood still for a person between two times, counting no time twice. */
export function waitedBetween(waits: readonly Wait[], start: number, end: number): Waited {
  let [milliseconds, counted, isLeast] = [0, start, false];
  for (const wait of waits.toSorted((one, other) => one.from - other.from)) {
    const { from, to = end } = wait;
    if (wait.isLeast === true && from <= end && to >= start) isLeast = true;
    const [first, last] = [Math.max(from, counted), Math.min(to, end)];
    if (last <= first) continue;
    milliseconds += last - first;
    counted = last;
  }
  return { milliseconds, isLeast };
}

/** How long somebody worked; at most, where nobody knows how long they waited in that time. */
export function formatWorked(milliseconds: number, { isLeast }: Waited): string {
  const time = formatDuration(milliseconds);
  return isLeast ? l10n.t('≤ {0}', time) : time;
}

/** That somebody was waited for, and for how long; undefined where that is no time to speak of. */
export function describeWaited({ milliseconds, isLeast }: Waited): string | undefined {
  if (milliseconds >= 1000) {
    const time = formatDuration(milliseconds);
    return isLeast ? l10n.t('+ waited at least {0}', time) : l10n.t('+ waited {0}', time);
  }
  return isLeast ? l10n.t('+ waited, nobody saw how long') : undefined;
}
