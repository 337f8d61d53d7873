/** The length of the longest run of backticks in a text, which marks that enclose it must not have. */
export function longestRun(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((most, [marks]) => Math.max(most, marks.length), 0);
}

/** The marks of a code block that its own text cannot end. */
export function fenceOf(text: string): string {
  return '`'.repeat(Math.max(3, longestRun(text) + 1));
}
