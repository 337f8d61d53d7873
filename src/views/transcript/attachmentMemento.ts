import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';

/** What stands where the data of an attachment was, before the name of its file. */
const mark = 'file-of-its-own:';

/**
 * A memento in which the data of attachments stands in files of their own, each written once. The editor writes down
 * all that an extension keeps whenever some of it changes, and a picture may have megabytes.
 *
 * Files are written and read without a pause: what is updated is read again at once, also while the window closes.
 */
export class AttachmentMemento implements KeptValues {
  readonly #memento: Memento;
  readonly #folder: string;
  readonly #log: Log;
  /** The data URLs that were written or read, by what stands for them. */
  readonly #urls = new Map<string, string>();

  /** `folder` is an absolute path; it need not exist. */
  constructor(memento: Memento, folder: string, log: Log) {
    this.#memento = memento;
    this.#folder = folder;
    this.#log = log;
  }

  get<T>(key: string, fallback: T): T {
    const kept = this.#memento.get<unknown>(key);
    return kept === undefined ? fallback : (withUrls(kept, (url) => this.#read(url)) as T);
  }

  update(key: string, value: unknown): PromiseLike<void> {
    const before = filesIn(this.#memento.get(key));
    const updated = this.#memento.update(
      key,
      withUrls(value, (url) => this.#write(url)),
    );
    const after = filesIn(this.#memento.get(key));
    this.#remove([...before].filter((file) => !after.has(file)));
    return updated;
  }

  /** What stands for the data; the data itself where it cannot be written. */
  #write(url: string): string {
    const known = [...this.#urls].find(([, other]) => other === url);
    if (known !== undefined) return known[0];
    const file = `${mark}${randomUUID()}`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      // For nobody else on this machine.
      writeFileSync(this.#pathOf(file), url, { mode: 0o600 });
    } catch (error) {
      this.#log.warn('Attachment could not be written to a file', error);
      return url;
    }
    this.#urls.set(file, url);
    return file;
  }

  /** undefined: its file is gone. */
  #read(kept: string): string | undefined {
    if (!kept.startsWith(mark)) return kept;
    try {
      const url = this.#urls.get(kept) ?? readFileSync(this.#pathOf(kept), 'utf8');
      this.#urls.set(kept, url);
      return url;
    } catch (error) {
      this.#log.warn('Attachment could not be read from its file', error);
      return undefined;
    }
  }

  /** Removes the files, but for those that stand elsewhere. */
  #remove(files: readonly string[]): void {
    if (files.length === 0) return;
    const used = new Set(this.#memento.keys().flatMap((key) => [...filesIn(this.#memento.get(key))]));
    for (const file of files) {
      if (used.has(file)) continue;
      this.#urls.delete(file);
      this.#removeFile(file);
    }
  }

  #removeFile(file: string): void {
    try {
      rmSync(this.#pathOf(file), { force: true });
    } catch (error) {
      this.#log.warn('Attachment that nothing refers to any more could not be removed', error);
    }
  }

  #pathOf(file: string): string {
    return join(this.#folder, file.slice(mark.length));
  }
}

function filesIn(value: unknown): ReadonlySet<string> {
  const files = new Set<string>();
  withUrls(value, (url) => {
    if (url.startsWith(mark)) files.add(url);
    return url;
  });
  return files;
}

/** `value` with another URL in each attachment that carries its data; without those that get none. */
function withUrls(value: unknown, change: (url: string) => string | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item) => withUrls(item, change)).filter((item) => item !== undefined);
  }
  if ('kind' in value && value.kind === 'data' && 'url' in value && typeof value.url === 'string') {
    const url = change(value.url);
    return url === undefined ? undefined : { ...value, url };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withUrls(item, change)]));
}
