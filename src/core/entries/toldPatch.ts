import type { PartEntry } from '../../protocol/page/entries.ts';

/** Whether the calls beside it name all files that a patch names: it says nothing then that they do not. */
export function isToldByCalls(files: readonly string[], changed: readonly string[]): boolean {
  return files.length > 0 && files.every((file) => changed.some((path) => isSameFile(file, path)));
}

/** The files that the calls among `parts` changed, by the paths that they name. */
export function filesOfCalls(parts: readonly PartEntry[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.type !== 'tool' || part.status !== 'completed') return [];
    if (part.kind !== 'editFile' && part.kind !== 'writeFile') return [];
    return part.diff?.files.map(({ path }) => path) ?? part.given.path ?? [];
  });
}

/** A patch names files from the root on, a call perhaps from the folder of the session on. */
function isSameFile(file: string, path: string): boolean {
  return file === path || (path !== '' && file.endsWith(`/${path}`));
}
