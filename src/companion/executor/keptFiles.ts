import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ListedValues } from './findings.ts';

/** What is kept for one directory over restarts of its server: a file for each key, which this user alone may read. */
export class KeptFiles implements ListedValues {
  readonly #folder: string;
  readonly #log: Log;
  readonly #known = new Map<string, unknown>();

  constructor(storage: string, directory: string, log: Log) {
    const name = createHash('sha256').update(directory).digest('base64url').slice(0, 20);
    this.#folder = join(storage, 'companion', name);
    this.#log = log;
  }

  get<T>(key: string, fallback: T): T {
    if (!this.#known.has(key)) this.#known.set(key, this.#read(key));
    return (this.#known.get(key) as T | undefined) ?? fallback;
  }

  keys(prefix: string): readonly string[] {
    return this.#written().filter((key) => key.startsWith(prefix));
  }

  /** It is written when this returns; undefined: there is nothing any more. */
  async update(key: string, value: unknown): Promise<void> {
    this.#known.set(key, value);
    const written = `${this.#fileOf(key)}.${randomBytes(6).toString('hex')}`;
    try {
      if (value === undefined) return rmSync(this.#fileOf(key), { force: true });
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(written, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
      renameSync(written, this.#fileOf(key));
    } catch (error) {
      // It holds for as long as this server runs.
      this.#log.warn('Something cannot be kept over a restart.', key, error);
      rmSync(written, { force: true });
    }
  }

  #written(): readonly string[] {
    try {
      return readdirSync(this.#folder).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') this.#log.warn('What was kept cannot be listed.', error);
      return [];
    }
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(readFileSync(this.#fileOf(key), 'utf8'));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') this.#log.warn('What was kept cannot be read.', key, error);
      return undefined;
    }
  }

  #fileOf(key: string): string {
    return join(this.#folder, `${key.replaceAll(/[^\w.-]/g, '_')}.json`);
  }
}
