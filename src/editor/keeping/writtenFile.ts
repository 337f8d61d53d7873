import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { KeptText, WrittenFile, WrittenFolder } from '../../core/ports/writtenFile.ts';

/** What is asked of the disk. */
export interface Disk {
  open(path: string, flags: string, mode: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  isThere(path: string): Promise<boolean>;
}

const realDisk: Disk = {
  open,
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  makeFolder: async (path) => {
    await mkdir(path, { mode: 0o700 });
  },
  isThere: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
};

/** Bytes that are collected until they are written. */
const chunk = 256 * 1024;

/** Of the person alone: what stands in it may be for nobody else. */
const mode = 0o600;

/** Begins a file of that path. Throws a `Problem` where nothing can be written beside it. */
export async function beginFile(target: string, disk: Disk = realDisk): Promise<WrittenFile> {
  const path = besideOf(target);
  const file = await attempt(target, () => disk.open(path, 'wx', mode));
  return new PartFile({ target, path, file, disk });
}

/** Begins a folder of that path. Throws a `Problem` where something is there already. */
export async function beginFolder(target: string, disk: Disk = realDisk): Promise<WrittenFolder> {
  if (await disk.isThere(target)) {
    throw new Problem(l10n.t('{0} is there already. Choose another name for the folder.', target));
  }
  const path = besideOf(target);
  await attempt(target, () => disk.makeFolder(path));
  return {
    add: (name) => beginFile(join(path, name), disk),
    finish: () => attempt(target, () => disk.rename(path, target)),
    discard: () => disk.remove(path),
  };
}

/** What is written beside the file, to be read again. */
interface Aside {
  readonly path: string;
  readonly file: FileHandle;
  size: number;
}

interface PartFileInput {
  readonly target: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly disk: Disk;
}

class PartFile implements WrittenFile {
  readonly path: string;
  readonly #target: string;
  readonly #disk: Disk;
  readonly #file: FileHandle;
  #waiting: Buffer[] = [];
  #waitingSize = 0;
  /** What was put aside stands in a file of its own, as nothing of it has its place yet. */
  #aside: Aside | undefined;
  #isOver = false;

  constructor({ target, path, file, disk }: PartFileInput) {
    this.#target = target;
    this.path = path;
    this.#file = file;
    this.#disk = disk;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    this.#waiting.push(bytes);
    this.#waitingSize += bytes.length;
    if (this.#waitingSize >= chunk) await this.flush();
  }

  async keep(text: string): Promise<KeptText> {
    const aside = (this.#aside ??= await this.#openAside());
    const bytes = Buffer.from(text, 'utf8');
    const kept = { start: aside.size, length: bytes.length };
    await this.#attempt(() => writeAll(aside.file, bytes, aside.size));
    aside.size += bytes.length;
    return kept;
  }

  async read({ start, length }: KeptText): Promise<string> {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const part = await this.#aside?.file.read(bytes, read, length - read, start + read);
      if (part === undefined || part.bytesRead === 0) throw new Error('What was put aside is gone.');
      read += part.bytesRead;
    }
    return bytes.toString('utf8');
  }

  async flush(): Promise<void> {
    if (this.#waitingSize === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingSize = 0;
    await this.#attempt(() => writeAll(this.#file, bytes));
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#attempt(() => this.#file.sync());
    await this.#close();
    await this.#attempt(() => this.#disk.rename(this.path, this.#target));
    this.#isOver = true;
  }

  async discard(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    await this.#close();
    await this.#disk.remove(this.path);
  }

  async #openAside() {
    const path = `${this.path}.aside`;
    return { path, file: await this.#attempt(() => this.#disk.open(path, 'wx+', mode)), size: 0 };
  }

  async #closeAside({ file, path }: Aside): Promise<void> {
    try {
      await file.close();
    } finally {
      await this.#disk.remove(path);
    }
  }

  /** Both handles are closed, and what was put aside is removed, also where one of that fails. */
  async #close(): Promise<void> {
    const aside = this.#aside;
    this.#aside = undefined;
    const closed = await Promise.allSettled([this.#file.close(), aside && this.#closeAside(aside)]);
    const failed = closed.find((one) => one.status === 'rejected');
    if (failed !== undefined && !this.#isOver) throw toProblem(this.#target, failed.reason);
  }

  #attempt<T>(act: () => Promise<T>): Promise<T> {
    return attempt(this.#target, act);
  }
}

/** A short write is no failure: the rest comes with the next, or that one says why not. */
async function writeAll(file: FileHandle, bytes: Buffer, position?: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === undefined ? null : position + written;
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, at);
    written += bytesWritten;
  }
}

/** A name in the same folder, so that the file only has to be renamed; it says what it is to who finds it after a crash. */
function besideOf(target: string): string {
  const name = Array.from(basename(target)).slice(0, 40).join('');
  return join(dirname(target), `.${name}.${randomBytes(4).toString('hex')}.part`);
}

async function attempt<T>(target: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw toProblem(target, cause);
  }
}

function toProblem(target: string, cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem(sentenceFor(target, codeOf(cause)), { cause });
}

function sentenceFor(target: string, code: unknown): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return l10n.t(
        'There is no room left for {0}, so nothing was written. Make room, or choose another place.',
        target,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return l10n.t(
        '{0} may not be written there, or another program has it open, so nothing was written. Close it there, or choose another place.',
        target,
      );
    case 'EBUSY':
    case 'ETXTBSY':
      return l10n.t(
        '{0} is open in another program, so it was left as it is. Close it there, or choose another name.',
        target,
      );
    case 'EISDIR':
    case 'ENOTEMPTY':
    case 'EEXIST':
      return l10n.t('{0} is a folder, or is there already. Choose another name.', target);
    case 'ENOENT':
    case 'ENOTDIR':
      return l10n.t('The folder of {0} is not there. Choose another place.', target);
    default:
      return l10n.t('The file {0} could not be written. Choose another place for it.', target);
  }
}
