import type { FileSides } from './comparedFiles.ts';
import type { Comparison } from './comparison.ts';

/** A side of a diff, by what it is called. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Comparisons as the editor shows them. */
export interface CompareEditor {
  /** As a document; the same sessions compared again are shown in the same one. */
  show(comparison: Comparison): Promise<void>;
  /** Files as two sessions left them, each marked that only one changed. Answers with those that could not be shown. */
  showFiles(
    title: string,
    names: readonly [left: string, right: string],
    files: readonly FileSides[],
  ): Promise<readonly FileSides[]>;
  showAnswers(title: string, left: NamedText, right: NamedText): Promise<void>;
}
