import { realpath } from 'node:fs/promises';

/**
 * The directories as the server names them: it follows links and drops a closing slash (1.18), so its events
 * and sessions carry the real paths. A directory that cannot be looked at stays as it is.
 */
export async function realDirectories(directories: readonly string[]): Promise<string[]> {
  const real = directories.map((directory) => realpath(directory).catch(() => directory));
  return [...new Set(await Promise.all(real))];
}

/** The directories of this window, to tell its events from those of other windows. */
export class DirectorySet {
  readonly all: readonly string[];
  readonly #keys: ReadonlySet<string>;
  readonly #platform: NodeJS.Platform;

  constructor(directories: readonly string[], platform: NodeJS.Platform = process.platform) {
    this.all = directories;
    this.#platform = platform;
    this.#keys = new Set(directories.map((directory) => directoryKey(directory, platform)));
  }

  has(directory: string): boolean {
    return this.#keys.has(directory) || this.#keys.has(directoryKey(directory, this.#platform));
  }
}

/** Windows writes one path in several ways: drive letters and slashes differ between programs. */
function directoryKey(directory: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? directory.replaceAll('\\', '/').toLowerCase() : directory;
}
