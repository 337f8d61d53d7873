import type { CodeStyles } from '../../protocol/page/codeStyles.ts';

/**
 * A stretch of code and what it is in highlight.js' words, e.g. `title.class`, and beyond them: a `keyword` may be one
 * of `control` or of `storage`, and an `attr` tells its language.
 */
export interface CodeSegment {
  readonly text: string;
  readonly scope?: string;
}

/** Undefined for a language that is not among those we carry. */
export type Highlight = (code: string, language: string) => readonly CodeSegment[] | undefined;

/** What `highlight.ts` has for the page, which loads it on demand. */
export interface Highlighting {
  /** Gives the code of a block, or the lines of a diff, the colours of their language. */
  readonly colour: (block: Element) => void;
  /** A style sheet that shows code in the colours of a theme. */
  readonly buildSheet: (styles: CodeStyles) => string;
}
