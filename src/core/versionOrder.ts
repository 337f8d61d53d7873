/** Whether `version` is later than `other`, by its numbers; what is none counts as the earliest. */
export function isNewerVersion(version: string, other: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(other)];
  const at = ours.findIndex((number, index) => number !== theirs[index]);
  return at !== -1 && (ours[at] ?? 0) > (theirs[at] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  return parts.length === 3 ? parts.map(Number) : [0, 0, 0];
}
