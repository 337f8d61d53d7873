/** A stretch of code and what it is in highlight.js' words, e.g. `keyword`. */
export interface CodeSegment {
  readonly text: string;
  readonly scope?: string;
}

/** Undefined for a language that is not among those we carry. */
export type Highlight = (code: string, language: string) => readonly CodeSegment[] | undefined;

/** Where the script that is loaded on demand leaves its one function for the page. */
export interface HighlightHolder {
  openCodeSessionsHighlight?: Highlight;
}
