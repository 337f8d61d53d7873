/** How many lines came and went. */
export interface LineCount {
  readonly additions: number;
  readonly deletions: number;
}

/** Lines that differ beyond this are counted as if none of them were kept: to find those takes the square of it. */
const farthest = 3_000;

/** The fewest lines that make one text of the other. The end of a line belongs to it. */
export function countChangedLines(before: string, after: string): LineCount {
  const [old, current] = [toLines(before), toLines(after)];
  let start = 0;
  while (start < old.length && start < current.length && old[start] === current[start]) start++;
  let end = 0;
  const shorter = Math.min(old.length, current.length) - start;
  while (end < shorter && old.at(-1 - end) === current.at(-1 - end)) end++;
  const [left, right] = [old.slice(start, old.length - end), current.slice(start, current.length - end)];
  const distance = findDistance(left, right) ?? left.length + right.length;
  const grown = right.length - left.length;
  return { additions: (distance + grown) / 2, deletions: (distance - grown) / 2 };
}

export function toLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Myers' distance: the fewest lines to take out and put in; undefined where it is too far to be found. */
function findDistance(old: readonly string[], current: readonly string[]): number | undefined {
  const most = old.length + current.length;
  if (old.length === 0 || current.length === 0) return most;
  const bound = Math.min(most, farthest);
  const furthest = new Int32Array(2 * bound + 3);
  const middle = bound + 1;
  for (let distance = 0; distance <= bound; distance++) {
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const below = furthest[middle + diagonal - 1] ?? 0;
      const above = furthest[middle + diagonal + 1] ?? 0;
      const goesDown = diagonal === -distance || (diagonal !== distance && below < above);
      let x = goesDown ? above : below + 1;
      while (x < old.length && x - diagonal < current.length && old[x] === current[x - diagonal]) x++;
      furthest[middle + diagonal] = x;
      if (x >= old.length && x - diagonal >= current.length) return distance;
    }
  }
  return undefined;
}
