import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FolderPlace, isWithin } from '../../core/services/serviceFolders.ts';
import { pathBelow } from '../../core/withSlashes.ts';
import { directoryName, workspaceDirectories } from '../workspaceFolders.ts';

/**
 * Where a folder lies, by an absolute path: links are followed, since the server does so, and one that leads out of the
 * window's folders is outside.
 */
export async function locateFolder(path: string): Promise<FolderPlace> {
  const real = await realpath(resolve(path)).catch(() => undefined);
  const facts = real === undefined ? undefined : await stat(real).catch(() => undefined);
  if (real === undefined || facts === undefined) return { kind: 'missing' };
  if (!facts.isDirectory()) return { kind: 'noFolder' };
  const around = workspaceDirectories().filter((root) => isWithin(root, real));
  const root = around.toSorted((a, b) => b.length - a.length)[0];
  if (root === undefined) return { kind: 'outside', real };
  return {
    kind: 'inside',
    folder: { directory: real, root, name: pathBelow(root, real) || directoryName(root) },
  };
}
