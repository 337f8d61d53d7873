import { access } from 'node:fs/promises';
import { Uri } from 'vscode';

/** Of these paths, absolute or relative to the directory, those at which there is nothing. */
export async function findMissingFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const missing = await Promise.all(
    paths.map((path) =>
      access(toFileUri(directory, path).fsPath).then(
        () => [],
        () => [path],
      ),
    ),
  );
  return missing.flat();
}

/** Where a file that a text names lies. */
export function toFileUri(directory: string, path: string): Uri {
  return /^([/\\]|[a-z]:)/i.test(path) ? Uri.file(path) : Uri.joinPath(Uri.file(directory), path);
}
