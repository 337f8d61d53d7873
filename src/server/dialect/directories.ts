import { realpath, stat } from 'node:fs/promises';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/**
 * The directories as the server names them: it follows links and drops a closing slash, so its events
 * and sessions carry the real paths. A directory that cannot be looked at stays as it is.
 */
export async function realDirectories(directories: readonly string[]): Promise<string[]> {
  const real = directories.map((directory) => realpath(directory).catch(() => directory));
  return [...new Set(await Promise.all(real))];
}

/**
 * Throws for a directory in which the server cannot be made to work: where a session runs, it decodes the name of its
 * directory as if it were a part of an address, so that in a folder `a%41b` the agent would work in `aAb`.
 */
export function requireReadAsWritten(directory: string): void {
  if (!isReadAsWritten(directory)) throw takenForAnother(directory, read(directory));
}

/** The server would work, or has worked, in another folder than the one that was meant. */
export function takenForAnother(directory: string, other: string): Problem {
  return new Problem(
    l10n.t(
      'OpenCode takes the folder {0} for {1}, because of the signs in its name, and its agents would work there. Rename the folder to work in it.',
      directory,
      other,
    ),
  );
}

/** Whether the server, which follows links, went where it was sent; on another machine only the names tell. */
export async function isSameDirectory(found: string, wanted: string): Promise<boolean> {
  if (new DirectorySet([wanted]).has(found)) return true;
  const looks = [found, wanted].map((directory) => stat(directory, { bigint: true }).catch(() => undefined));
  const [one, other] = await Promise.all(looks);
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

export function isReadAsWritten(directory: string): boolean {
  return read(directory) === directory;
}

/** As the server does it: what is not encoded as a whole stays as it is, and each backslash is a slash to it. */
function read(directory: string): string {
  const slashed = directory.startsWith('/') ? directory.replaceAll('\\', '/') : directory;
  try {
    return decodeURIComponent(slashed);
  } catch {
    return slashed;
  }
}

export function isBelow(directory: string, above: string): boolean {
  const key = directoryKey(above, process.platform).replace(/(?<!\/)\/+$/, '');
  return directoryKey(directory, process.platform).startsWith(`${key}/`);
}

/** The directories of this window in which it can work, to tell its events from those of other windows. */
export class DirectorySet {
  readonly all: readonly string[];
  readonly #known: ReadonlyMap<string, string>;
  readonly #platform: NodeJS.Platform;

  /** `fits`: in which of them the server works where it is told to. */
  constructor(
    directories: readonly string[],
    platform: NodeJS.Platform = process.platform,
    fits: (directory: string) => boolean = isReadAsWritten,
  ) {
    this.all = directories;
    this.#platform = platform;
    const known = directories.filter(fits);
    this.#known = new Map(known.map((directory) => [directoryKey(directory, platform), directory]));
  }

  has(directory: string): boolean {
    return this.find(directory) !== undefined;
  }

  /** The one of them that is meant, as this window calls it. */
  find(directory: string): string | undefined {
    return this.#known.get(directory) ?? this.#known.get(directoryKey(directory, this.#platform));
  }
}

/**
 * Windows writes one path in several ways: drive letters and slashes differ between programs. On a Mac an umlaut may
 * be one sign or two, and means the same file.
 */
function directoryKey(directory: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return directory.normalize();
  return platform === 'win32' ? directory.replaceAll('\\', '/').toLowerCase() : directory;
}
