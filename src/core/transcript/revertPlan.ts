import type { FileDiff } from '../../protocol/records.ts';
import type { Padding } from '../entries/padding.ts';
import { reconstructSides } from '../entries/unifiedDiff.ts';
import { countPatchLines } from '../tools/patchLines.ts';

/** A file that a revert takes back, with what the reverted turns did to it, latest first. */
export interface RevertedFile {
  readonly file: string;
  readonly additions: number;
  readonly deletions: number;
  /** Unified diffs; to be taken back in this order. */
  readonly patches: readonly string[];
  /** Set where the file was not there before, so that it goes. */
  readonly isGone?: true;
}

/** What a revert does to the files: `turns` are the changes of the reverted turns in the order of time. */
export function planRevert(turns: readonly (readonly FileDiff[])[]): readonly RevertedFile[] {
  const files = new Map<string, RevertedFile>();
  for (const { file, additions, deletions, patch, status } of turns.flat()) {
    const known = files.get(file);
    const isGone = known === undefined ? status === 'added' : known.isGone === true;
    files.set(file, {
      file,
      additions: (known?.additions ?? 0) + additions,
      deletions: (known?.deletions ?? 0) + deletions,
      patches: [...(patch === undefined || patch === '' ? [] : [patch]), ...(known?.patches ?? [])],
      ...(isGone && { isGone }),
    });
  }
  return [...files.values()];
}

/** What undoing a revert changes in the files: `diff` is the one diff of git that the server keeps of the revert. */
export function planUnrevert(diff: string): readonly RevertedFile[] {
  return diff
    .split(/^(?=diff --git )/m)
    .map((patch) => ({ patch, file: changedFile(patch) }))
    .filter(({ file }) => file !== '')
    .map(({ patch, file }) => ({
      file,
      ...countPatchLines(patch),
      patches: [patch],
      ...(/^new file mode /m.test(patch) && { isGone: true }),
    }));
}

/** What is left of a file that reads `current`; undefined: it is not there. `padding` is that of all files together. */
export function takeBackText(
  { patches, isGone }: Pick<RevertedFile, 'patches' | 'isGone'>,
  current: string | undefined,
  padding: Padding,
): string | undefined {
  if (isGone === true) return undefined;
  return patches.reduce((text, patch) => reconstructSides(patch, text, padding).before, current ?? '');
}

/** The path in a diff of one file; of a file that is gone the one that it had. */
function changedFile(patch: string): string {
  return /^\+\+\+ b\/(.+?)\t?$/m.exec(patch)?.[1] ?? /^--- a\/(.+?)\t?$/m.exec(patch)?.[1] ?? '';
}
