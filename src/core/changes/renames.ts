import type { ChangedFile } from './changedFile.ts';
import { countChangedLines, toLines } from './lineCount.ts';

/** So many comparisons of two files at most: among more, only equal ones are found. */
const comparisons = 400;

/** The share of its lines that a renamed file keeps at least. */
const likeness = 0.5;

/** Takes a file that went and one that came with the same or nearly the same text for one that was renamed. */
export function pairRenames(changes: readonly ChangedFile[]): readonly ChangedFile[] {
  const gone = new Set(changes.filter(({ before, after }) => after === null && Boolean(before)));
  const came = new Set(changes.filter(({ before, after }) => before === null && Boolean(after)));
  if (gone.size === 0 || came.size === 0) return changes;
  const renamed: ChangedFile[] = [];
  const pair = (old: ChangedFile, current: ChangedFile): void => {
    gone.delete(old);
    came.delete(current);
    renamed.push(rename(old, current));
  };
  pairEqual(gone, came, pair);
  if (gone.size * came.size <= comparisons) pairAlike(gone, came, pair);
  const parted = new Set(renamed.flatMap(({ path, from }) => [path, from]));
  return [...changes.filter(({ path }) => !parted.has(path)), ...renamed];
}

type Pair = (old: ChangedFile, current: ChangedFile) => void;

function pairEqual(gone: ReadonlySet<ChangedFile>, came: ReadonlySet<ChangedFile>, pair: Pair): void {
  const byText = new Map([...gone].map((old) => [old.before, old]));
  for (const current of came) {
    const old = byText.get(current.after);
    if (old === undefined) continue;
    byText.delete(current.after);
    pair(old, current);
  }
}

function pairAlike(gone: ReadonlySet<ChangedFile>, came: ReadonlySet<ChangedFile>, pair: Pair): void {
  const pairs = [...gone].flatMap((old) =>
    [...came].map((current) => ({ old, current, share: sharedLines(old.before ?? '', current.after ?? '') })),
  );
  for (const { old, current, share } of pairs.toSorted((a, b) => b.share - a.share)) {
    if (share >= likeness && gone.has(old) && came.has(current)) pair(old, current);
  }
}

function sharedLines(before: string, after: string): number {
  const [old, current] = [toLines(before), toLines(after)];
  const left = new Map<string, number>();
  for (const line of old) left.set(line, (left.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of current) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    shared++;
  }
  return shared / Math.max(old.length, current.length);
}

function rename(old: ChangedFile, current: ChangedFile): ChangedFile {
  const [before, after] = [old.before ?? '', current.after ?? ''];
  return {
    path: current.path,
    from: old.path,
    status: 'renamed',
    ...countChangedLines(before, after),
    before,
    after,
    ...(old.mode !== undefined && { mode: old.mode }),
    ...(old.told && current.told && { told: true }),
    ...((old.mixed ?? current.mixed) && { mixed: true }),
  };
}
