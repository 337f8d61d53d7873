/** What turns changed in one file. */
export interface ChangedFile {
  /** Absolute, with slashes. */
  readonly path: string;
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed';
  /** The path that a renamed file had. */
  readonly from?: string;
  readonly additions: number;
  readonly deletions: number;
  /** What the file held before; null: it was not there; absent: that is not known. */
  readonly before?: string | null;
  readonly after?: string | null;
  /** The mode that the file had, as git counts modes; absent: that is not known. */
  readonly mode?: number;
  /**
   * Why nobody knows the texts: a binary file, a text that is too large, nothing but the mode of the file changed, or no
   * more is known than pieces.
   */
  readonly lacks?: 'binary' | 'large' | 'mode' | 'pieces';
  /** Unified diffs of pieces, latest first. */
  readonly patches?: readonly string[];
  /** No snapshot saw it: the calls of the agent tell it. */
  readonly told?: true;
  /** Somebody else changed the file between the turns, and what they changed is in it. */
  readonly mixed?: true;
}

/** The change without its texts. */
export function withoutTexts({ before, after, patches, ...change }: ChangedFile): ChangedFile {
  if (before === undefined && after === undefined && patches === undefined) return change;
  return { lacks: 'large', ...change };
}

/** How many characters its texts have. */
export function sizeOf({ before, after, patches = [] }: ChangedFile): number {
  return [before, after, ...patches].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
