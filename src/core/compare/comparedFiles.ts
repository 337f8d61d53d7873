import type { ChangedFile } from '../changes/changedFile.ts';
import { toRelative } from '../continuation/filesTouched.ts';

/** How one session left a file. */
export interface FileEnd {
  readonly additions: number;
  readonly deletions: number;
  /** What it holds; null: it is not there; absent: nobody knows the text. */
  readonly after?: string | null;
  /** What it held before the session changed it, as above. */
  readonly before?: string | null;
  /** What no snapshot saw, but the calls of the agent tell. */
  readonly told?: true;
}

/** A file that at least one of several sessions changed. */
export interface ComparedFile {
  /** From the folder of each session on where it lies in it, else absolute. */
  readonly path: string;
  /** In the order of the sessions; undefined: that one did not change it. */
  readonly ends: readonly (FileEnd | undefined)[];
}

/**
 * How sessions stand to each other in a file: all that changed it left the same, or they differ, or nobody knows since the
 * text of one is not known. `touched` are the places of those that changed it.
 */
export interface FileRelation {
  readonly touched: readonly number[];
  readonly kind: 'only' | 'same' | 'different' | 'unknown';
}

/** One of several sessions with what it changed. */
export interface ChangesOfOne {
  readonly directory: string;
  readonly changes: readonly ChangedFile[];
}

/** All files that any of these sessions changed, by path. Where a file was renamed, one went and one came. */
export function uniteFiles(sessions: readonly ChangesOfOne[]): readonly ComparedFile[] {
  const files = new Map<string, (FileEnd | undefined)[]>();
  for (const [index, { directory, changes }] of sessions.entries()) {
    for (const change of changes.flatMap(splitRename)) {
      const path = toRelative(change.path, directory);
      const ends = files.get(path) ?? Array.from({ length: sessions.length }, () => undefined);
      ends[index] = toEnd(change);
      files.set(path, ends);
    }
  }
  return [...files].map(([path, ends]) => ({ path, ends })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export function relationOf({ ends }: ComparedFile): FileRelation {
  const known = ends.flatMap((end, index) => (end === undefined ? [] : [{ end, index }]));
  const touched = known.map(({ index }) => index);
  if (known.length < 2) return { touched, kind: 'only' };
  const texts = new Set(known.map(({ end }) => end.after));
  if (texts.has(undefined)) return { touched, kind: 'unknown' };
  // Of those that did not change it, what they have is what the others found.
  return { touched, kind: texts.size === 1 ? 'same' : 'different' };
}

/** A file as two sessions left it; undefined text: it is not known, and none is made up. */
export interface FileSides {
  readonly path: string;
  readonly relation: 'left' | 'right' | 'same' | 'different' | 'unknown';
  readonly left: string | null | undefined;
  readonly right: string | null | undefined;
}

/**
 * Each file as two of the sessions left it, by their places. A session that did not change a file has what the other one
 * found there.
 */
export function toSides(files: readonly ComparedFile[], left: number, right: number): readonly FileSides[] {
  return files.flatMap(({ path, ends }): FileSides[] => {
    const [a, b] = [ends[left], ends[right]];
    if (a === undefined && b === undefined) return [];
    if (b === undefined) return [{ path, relation: 'left', left: a?.after, right: a?.before }];
    if (a === undefined) return [{ path, relation: 'right', left: b.before, right: b.after }];
    const { kind } = relationOf({ path, ends: [a, b] });
    return [{ path, relation: kind === 'only' ? 'unknown' : kind, left: a.after, right: b.after }];
  });
}

function splitRename(change: ChangedFile): readonly ChangedFile[] {
  const { from, before, after } = change;
  if (from === undefined) return [change];
  const texts = (given: Pick<ChangedFile, 'before' | 'after'>): ChangedFile => {
    const { before: _before, after: _after, from: _from, ...rest } = change;
    return { ...rest, ...given };
  };
  return [
    {
      ...texts({ after: null, ...(before !== undefined && { before }) }),
      path: from,
      status: 'deleted',
      additions: 0,
    },
    { ...texts({ before: null, ...(after !== undefined && { after }) }), status: 'added', deletions: 0 },
  ];
}

function toEnd({ additions, deletions, before, after, told }: ChangedFile): FileEnd {
  return {
    additions,
    deletions,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(told && { told }),
  };
}
