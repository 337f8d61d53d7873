import { median } from '../bench/figure.ts';
import type { Lap } from './soak.ts';

/**
 * How much the last third of the laps may have more than the middle third. Each lap leaves a session behind and makes five of
 * them longer, of which a server keeps some in memory and in the cache of its database, and its garbage is collected when it
 * likes; what is never let go, for each relay or event, adds up to more.
 */
const allowed = { memory: 1.15, handles: 1.1 };

export interface Growth {
  readonly what: keyof typeof allowed;
  /** Medians. */
  readonly middle: number;
  readonly last: number;
  readonly ratio: number;
  readonly allowed: number;
  readonly isMet: boolean;
}

/** What the process has at the end, against what it had once it was warm: the first third of the laps counts for nothing. */
export function judgeGrowth(laps: readonly Lap[]): readonly Growth[] {
  const third = Math.floor(laps.length / 3);
  return (['memory', 'handles'] as const).map((what) => {
    const values = laps.map((lap) => lap[what]);
    const [middle, last] = [median(values.slice(third, -third)), median(values.slice(-third))];
    const ratio = last / middle;
    // Where the system does not tell, nothing is known to be wrong.
    const isMet = Number.isNaN(ratio) || ratio <= allowed[what];
    return { what, middle, last, ratio, allowed: allowed[what], isMet };
  });
}
