import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileDiff } from '../state/records.ts';
import { diffFile } from './fileDiff.ts';
import { git } from './git.ts';

/** The hash of each file by its path in the folder. */
type Listing = Readonly<Record<string, string>>;

const largest = 2 * 1024 * 1024;

/** What stood in the files of a folder at some moment, kept by hash in the data folder. */
export class Snapshots {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'snapshots');
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Takes one of a folder in a git repository, without ignored and large files; undefined elsewhere. */
  async take(directory: string): Promise<string | undefined> {
    const listed = await git(directory, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
    if (listed === undefined) return undefined;
    const listing: Record<string, string> = {};
    for (const path of listed
      .split('\0')
      .filter((path) => path !== '')
      .sort()) {
      const stat = statSync(join(directory, path), { throwIfNoEntry: false });
      if (stat?.isFile() !== true || stat.size > largest) continue;
      listing[path] = this.#keep(readFileSync(join(directory, path)));
    }
    return this.#keep(Buffer.from(JSON.stringify(listing)));
  }

  diff(from: string, to: string): FileDiff[] {
    const [before, after] = [this.#listing(from), this.#listing(to)];
    return changedPaths(before, after).flatMap(
      (path) => diffFile(path, this.#text(before[path]), this.#text(after[path])) ?? [],
    );
  }

  changedFiles(from: string, to: string): string[] {
    return changedPaths(this.#listing(from), this.#listing(to));
  }

  /** Puts those files back to what they were. */
  restore(directory: string, snapshot: string, paths: readonly string[]): void {
    const listing = this.#listing(snapshot);
    for (const path of paths) {
      const target = join(directory, path);
      const hash = listing[path];
      if (hash === undefined) rmSync(target, { force: true });
      else {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, readFileSync(join(this.#folder, hash)));
      }
    }
  }

  #listing(snapshot: string): Listing {
    return JSON.parse(readFileSync(join(this.#folder, snapshot), 'utf8')) as Listing;
  }

  #text(hash: string | undefined): string | undefined {
    return hash === undefined ? undefined : readFileSync(join(this.#folder, hash), 'utf8');
  }

  #keep(bytes: Buffer): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const file = join(this.#folder, hash);
    if (!existsSync(file)) writeFileSync(file, bytes);
    return hash;
  }
}

function changedPaths(before: Listing, after: Listing): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}
