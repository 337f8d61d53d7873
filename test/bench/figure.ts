/** One figure of the benchmark: what was measured in each round, and what it should be. */
export interface Figure {
  readonly part: string;
  readonly name: string;
  /** e.g. "x", "ms", "kB"; "x" for a ratio of two things measured in one run. */
  readonly unit: string;
  readonly values: readonly number[];
  /** Absent: the figure is shown for orientation only. */
  readonly target?: Target;
  /** What the figure was made of, shown behind it. */
  readonly note?: string;
}

export interface Target {
  readonly is: 'at least' | 'at most';
  readonly value: number;
}

export const atLeast = (value: number): Target => ({ is: 'at least', value });
export const atMost = (value: number): Target => ({ is: 'at most', value });

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** The least and the most of all rounds. */
export function range(values: readonly number[]): readonly [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * Whether the middle of the rounds reached the target; undefined where there is none. One round on a machine that does
 * something else meanwhile says nothing of what is measured: how far the rounds lie apart is said beside it.
 */
export function isMet({ values, target }: Pick<Figure, 'values' | 'target'>): boolean | undefined {
  if (target === undefined) return undefined;
  const value = median(values);
  return target.is === 'at least' ? value >= target.value : value <= target.value;
}

/** The ratios of two series, round by round. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((value, round) => value / (denominators[round] ?? Number.NaN));
}
