/** A line beyond this is no line of a text that one reads: a diff may come from anyone. */
const lastLine = 50_000;

/** Empty lines that all texts together may be given which are opened at once. */
const linesAtOnce = 500_000;

/**
 * The empty lines that may be put before pieces of texts, so that these stand at their own lines. One is made for each
 * time that something is opened, however many texts that are: what all of them are given is bounded.
 */
export class Padding {
  #left = linesAtOnce;

  /** Whether texts may be given empty lines up to these lines; if so they are taken off. */
  take(lines: readonly number[]): boolean {
    const count = lines.reduce((sum, line) => sum + line, 0);
    if (lines.some((line) => line > lastLine) || count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}
