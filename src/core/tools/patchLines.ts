/** The head of a hunk: how many lines of the file before and after stand in it. */
const hunkHead = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/**
 * The lines that came and went by a patch, which may be over several files. Within a hunk, the head of which says how long
 * it is, `+++x` is a line that came; the names of files stand outside of hunks. Where no head says it, any line counts that has a
 * sign and is none of those names.
 */
export function countPatchLines(patch: string): { readonly additions: number; readonly deletions: number } {
  let [additions, deletions] = [0, 0];
  let [old, current] = [0, 0];
  for (let start = 0; start < patch.length;) {
    const feed = patch.indexOf('\n', start);
    const end = feed === -1 ? patch.length : feed;
    const sign = patch[start];
    // A context line without its blank is an empty one.
    const isWithin = (old > 0 || current > 0) && (start === end || ' +-\\'.includes(sign ?? ''));
    if (isWithin) {
      if (sign === '+') additions++;
      if (sign === '-') deletions++;
      if (sign !== '+' && sign !== '\\') old--;
      if (sign !== '-' && sign !== '\\') current--;
    } else {
      const head = sign === '@' ? hunkHead.exec(patch.slice(start, Math.min(end, start + 100))) : null;
      [old, current] = head === null ? [0, 0] : [Number(head[1] ?? 1), Number(head[2] ?? 1)];
      if (sign === '+' && !patch.startsWith('+++ ', start)) additions++;
      if (sign === '-' && !patch.startsWith('--- ', start)) deletions++;
    }
    start = end + 1;
  }
  return { additions, deletions };
}
