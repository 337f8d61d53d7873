import type { Wait } from '../../protocol/page/header.ts';

/** For how many milliseconds between two times a run stood still for a person, counting none twice. */
export function waitedBetween(waits: readonly Wait[], start: number, end: number): number {
  let [waited, counted] = [0, start];
  for (const { from, to = end } of waits.toSorted((one, other) => one.from - other.from)) {
    const [first, last] = [Math.max(from, counted), Math.min(to, end)];
    if (last <= first) continue;
    waited += last - first;
    counted = last;
  }
  return waited;
}
