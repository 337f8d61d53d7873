import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { keptDays, type LedgerStore } from '../core/prompts/ledger.ts';
import { type LedgerLine, parseLedgerLine } from '../protocol/ledger.ts';

const dayLength = 24 * 60 * 60_000;
/** Bytes that all days together may take; the oldest go first, and the last two stay. */
const sizeLimit = 8 * 1024 * 1024;
const dayName = /^\d{4}-\d\d-\d\d\.jsonl$/;

/**
 * The account of what was sent as files that all windows of this user and the companions have in common: one for each
 * day, to which each adds lines. Nobody writes over a line, so none is lost where several write at once; a line that was
 * cut off is passed over.
 */
export class LedgerFiles implements LedgerStore, Disposable {
  readonly #folder: string;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #didAppend = new Emitter<void>();
  /** Bytes that were read of each file. */
  readonly #read = new Map<string, number>();
  /** The file that was written last; with another one, old ones go. */
  #written = '';
  #isBroken = false;

  readonly onDidAppend = this.#didAppend.event;

  /** `now`: milliseconds since 1970. */
  constructor(storage: string, log: Log, now: () => number) {
    this.#folder = join(storage, 'deliveries');
    this.#log = log;
    this.#now = now;
  }

  append(line: LedgerLine): void {
    const name = `${new Date(this.#now()).toISOString().slice(0, 10)}.jsonl`;
    try {
      if (name !== this.#written) this.#begin(name);
      // It stands apart also from a line that was cut off.
      appendFileSync(join(this.#folder, name), `\n${JSON.stringify(line)}\n`, { mode: 0o600 });
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.#log.warn('What is sent cannot be kept in the account of it.', error);
      this.#isBroken = true;
    }
    this.#didAppend.fire();
  }

  async readNew(): Promise<readonly LedgerLine[]> {
    const lines: LedgerLine[] = [];
    for (const name of this.#days()) {
      for (const text of await this.#readNewOf(name)) {
        const line = parseLedgerLine(text);
        if (line !== undefined) lines.push(line);
      }
    }
    return lines;
  }

  dispose(): void {
    this.#didAppend.dispose();
  }

  #begin(name: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#prune();
    this.#written = name;
  }

  #prune(): void {
    const oldest = `${new Date(this.#now() - keptDays * dayLength).toISOString().slice(0, 10)}.jsonl`;
    let size = 0;
    const newestFirst = this.#days().toReversed();
    for (const [index, name] of newestFirst.entries()) {
      size += statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size ?? 0;
      if (name < oldest || (index > 1 && size > sizeLimit)) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** The names of the files, oldest first. */
  #days(): readonly string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => dayName.test(name))
        .toSorted();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** The whole lines since the last read. */
  async #readNewOf(name: string): Promise<readonly string[]> {
    const start = this.#read.get(name) ?? 0;
    const path = join(this.#folder, name);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= start) return [];
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      const end = buffer.lastIndexOf('\n', bytesRead - 1) + 1;
      this.#read.set(name, start + end);
      return buffer.toString('utf8', 0, end).split('\n');
    } finally {
      await file.close();
    }
  }
}
