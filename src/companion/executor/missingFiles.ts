import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathBelow } from '../../core/withSlashes.ts';

/** Of these paths, absolute or relative to the directory, those in it at which there is nothing; others are not looked for. */
export async function findMissingFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const missing = await Promise.all(paths.map((path) => isMissing(directory, resolve(directory, path))));
  return paths.filter((_path, index) => missing[index]);
}

async function isMissing(directory: string, path: string): Promise<boolean> {
  if (pathBelow(directory, path) === undefined) return false;
  return access(path).then(
    () => false,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
  );
}
