/** The lines that came and went by a patch of a call, without the names of its files. */
export function countPatchLines(patch: string): { readonly additions: number; readonly deletions: number } {
  let [additions, deletions] = [0, 0];
  for (const line of patch.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++')) additions++;
    if (line.startsWith('-') && !line.startsWith('---')) deletions++;
  }
  return { additions, deletions };
}
