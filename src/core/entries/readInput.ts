/** All that a call was given, as it stands in a card that has no better form for it; `''` while that is nothing. */
export function readInput(input: Readonly<Record<string, unknown>>): string {
  return Object.keys(input).length === 0 ? '' : JSON.stringify(input, undefined, 2);
}
