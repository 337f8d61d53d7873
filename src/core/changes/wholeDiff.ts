import type { FileDiff } from '../../protocol/records.ts';
import type { ChangedFile } from './changedFile.ts';

/** What a diff of a whole file tells of its texts. */
export type WholeTexts = Pick<ChangedFile, 'before' | 'after' | 'lacks' | 'patches'>;

/** A diff of more characters is not read. */
const largestDiff = 5_000_000;

/**
 * Both texts of a file whose diff holds all of its lines in one hunk. `status` says whether the file came or went.
 * A diff that holds less gives pieces.
 */
export function readWholeDiff({ patch, status }: Pick<FileDiff, 'patch' | 'status'>): WholeTexts {
  if (patch === undefined || patch.length > largestDiff) return { lacks: 'large' };
  if (patch === '') return { lacks: 'binary' };
  const [head, ...others] = [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*$/gm)];
  // The header of a hunk within a text has a sign before it.
  if (head === undefined) return readEmpty(status);
  const [line, oldStart, oldCount = '1', newStart, newCount = '1'] = head;
  const texts = readHunk(patch.slice(head.index + line.length + 1));
  const isWhole =
    others.length === 0 &&
    Number(oldStart) <= 1 &&
    Number(newStart) <= 1 &&
    Number(oldCount) === texts.oldCount &&
    Number(newCount) === texts.newCount;
  if (!isWhole) return { lacks: 'pieces', patches: [patch] };
  return {
    before: status === 'added' ? null : texts.before,
    after: status === 'deleted' ? null : texts.after,
  };
}

/** An empty file has no lines, and neither has one of which only the mode changed. */
function readEmpty(status: FileDiff['status']): WholeTexts {
  if (status === 'added') return { before: null, after: '' };
  if (status === 'deleted') return { before: '', after: null };
  return { lacks: 'mode' };
}

function readHunk(body: string) {
  const sides = { old: [] as string[], current: [] as string[] };
  let last: readonly (keyof typeof sides)[] = [];
  const open = new Set<keyof typeof sides>();
  for (const line of body.replace(/\n$/, '').split('\n')) {
    const [sign] = line;
    if (sign === '\\') {
      for (const side of last) open.add(side);
      continue;
    }
    last = sign === '+' ? ['current'] : sign === '-' ? ['old'] : ['old', 'current'];
    for (const side of last) sides[side].push(line.slice(1));
  }
  const join = (side: keyof typeof sides): string =>
    sides[side].join('\n') + (open.has(side) || sides[side].length === 0 ? '' : '\n');
  return {
    before: join('old'),
    after: join('current'),
    oldCount: sides.old.length,
    newCount: sides.current.length,
  };
}
