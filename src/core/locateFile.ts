import { pathBelow } from './withSlashes.ts';

/** Where a file lies that a text names; `missing`: it would lie inside, and there is none. */
export type FileLocation = 'inside' | 'outside' | 'missing';

/**
 * Whether a file lies in one of the folders, also where links lead from there; one outside is not even looked for.
 * Paths are absolute, without dots in them, and written as one system writes them; `realPath` answers undefined where
 * nothing is.
 */
export async function locateFile(
  path: string,
  folders: readonly string[],
  realPath: (path: string) => Promise<string | undefined>,
): Promise<FileLocation> {
  if (!folders.some((folder) => isIn(folder, path))) return 'outside';
  const real = await realPath(path);
  if (real === undefined) return 'missing';
  const roots = await Promise.all(folders.map(realPath));
  return roots.some((root) => root !== undefined && isIn(root, real)) ? 'inside' : 'outside';
}

function isIn(folder: string, path: string): boolean {
  return pathBelow(folder, path) !== undefined;
}
