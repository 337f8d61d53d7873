import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Memento } from 'vscode';
import { isWithin } from '../../core/services/serviceFolders.ts';
import { workspaceDirectories } from '../workspaceFolders.ts';

const key = 'opencodeSessions.followedFolders';
/** So many are kept, those that were followed last: the server begins in each of them. */
const limit = 10;

/**
 * The folders below those of the window that are followed again after a reload: those in a repository of their own. Their
 * sessions are of another project, so that no list of the window's own has them, and nobody would see them any more.
 */
export function createFollowedFolders(memory: Memento) {
  const read = (): readonly string[] => memory.get<readonly string[]>(key, []);
  return {
    /** Those that are there. */
    all: (): readonly string[] => read().filter((directory) => hasOwnRepository(directory)),
    note: (directory: string): void => {
      if (!hasOwnRepository(directory)) return;
      const others = read().filter((other) => other !== directory);
      void memory.update(key, [...others, directory].slice(-limit));
    },
  };
}

/** Whether a repository begins in the folder, or between it and the window's folder that it lies in. */
function hasOwnRepository(directory: string): boolean {
  const root = workspaceDirectories().find((folder) => isWithin(folder, directory));
  if (root === undefined) return false;
  for (let at = directory; at !== root && isWithin(root, at); at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
  }
  return false;
}
