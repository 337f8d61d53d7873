import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { locateFile } from '../../core/locateFile.ts';

/** Of these paths, absolute or relative to the directory, those in it at which there is nothing; others are not looked for. */
export async function findMissingFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const folders = [resolve(directory)];
  const located = await Promise.all(
    paths.map((path) => locateFile(resolve(directory, path), folders, realPath)),
  );
  return paths.filter((_path, index) => located[index] === 'missing');
}

async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
