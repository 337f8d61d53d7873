import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Uri, workspace } from 'vscode';
import { type FileLocation, locateFile } from '../core/locateFile.ts';

/** Of these paths, absolute or relative to the directory, those at which there is nothing. */
export async function findMissingFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const locations = await locateFiles(directory, paths);
  return paths.filter((_path, index) => locations[index] === 'missing');
}

/**
 * Where the files lie that a text names, which a model may have written: only those in the directory or an open folder
 * are looked for.
 */
export async function locateFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly FileLocation[]> {
  const open = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const folders = [resolve(directory), ...open.map(({ uri }) => uri.fsPath)];
  return Promise.all(paths.map((path) => locateFile(resolve(directory, path), folders, realPath)));
}

async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

/** Where a file that a text names lies. */
export function toFileUri(directory: string, path: string): Uri {
  return Uri.file(resolve(directory, path));
}
