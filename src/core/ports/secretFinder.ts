/** A stretch of a text, in UTF-16 units, that is not to be passed on. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** What found it, in a few words: `github`, `.env value`. */
  readonly rule: string;
  /** What stands for it, where that is not the name of the rule. */
  readonly stand?: string;
}

/** Finds keys, tokens and passwords by their form: what has no form of its own is not found. */
export interface SecretFinder {
  /** What it finds in a text, in no order; stretches may overlap. */
  find(text: string): Promise<readonly FoundSecret[]>;
}
