import type { ChangedFile } from './changedFile.ts';
import { countChangedLines } from './lineCount.ts';
import { pairRenames } from './renames.ts';

/**
 * What turns changed together, by path: from what was there before the first of them to what the last one left.
 * `turns` in the order of time. A file that is as it was is none of them, and one that went while its like came is
 * renamed.
 */
export function foldChanges(turns: readonly (readonly ChangedFile[])[]): readonly ChangedFile[] {
  const steps = new Map<string, ChangedFile[]>();
  for (const change of turns.flat()) {
    const known = steps.get(change.path);
    if (known === undefined) steps.set(change.path, [change]);
    else known.push(change);
  }
  const folded = [...steps.values()].flatMap((changes) => foldFile(changes) ?? []);
  return pairRenames(folded).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function foldFile(changes: readonly ChangedFile[]): ChangedFile | undefined {
  // Of a mode the texts know nothing.
  const steps = changes.filter(({ lacks }) => lacks !== 'mode');
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return changes.at(-1);
  if (first === last) return first;
  const [existed, exists] = [first.status !== 'added', last.status !== 'deleted'];
  if (!existed && !exists) return undefined;
  const status = existed ? (exists ? 'modified' : 'deleted') : 'added';
  const { before, mode } = first;
  const { after } = last;
  if (before === undefined || after === undefined) return addUp(steps, status);
  if (before === after) return undefined;
  const mixed = steps.some((step, index) => index > 0 && differs(steps[index - 1]?.after, step.before));
  return {
    path: last.path,
    status,
    ...countChangedLines(before ?? '', after ?? ''),
    before,
    after,
    ...(mode !== undefined && { mode }),
    ...(steps.every(({ told }) => told) && { told: true }),
    ...(mixed && { mixed: true }),
  };
}

function differs(left: string | null | undefined, found: string | null | undefined): boolean {
  return left !== undefined && found !== undefined && left !== found;
}

/** Nobody knows what of one turn another one took back. */
function addUp(steps: readonly ChangedFile[], status: ChangedFile['status']): ChangedFile {
  const sum = (of: 'additions' | 'deletions'): number => steps.reduce((all, step) => all + step[of], 0);
  const lacking = steps.find(({ lacks }) => lacks !== undefined && lacks !== 'pieces') ?? steps.at(-1);
  const isTold = steps.some(({ told }) => told);
  const isPieces = steps.every(({ patches }) => patches !== undefined);
  return {
    path: steps[0]?.path ?? '',
    status,
    additions: sum('additions'),
    deletions: sum('deletions'),
    lacks: lacking?.lacks ?? 'pieces',
    ...(isPieces && { patches: steps.flatMap(({ patches = [] }) => patches.toReversed()).toReversed() }),
    ...(isTold && { told: true }),
  };
}
