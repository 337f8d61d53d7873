import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { locateFile } from '../../core/locateFile.ts';
import type { FileReplacement, FileState, WorkingFiles } from '../../core/ports/workingFiles.ts';
import { pathBelow } from '../../core/withSlashes.ts';

export interface WorkingFilesPorts {
  /** Whether an editor holds changes of this file that are not saved. */
  readonly isUnsaved: (path: string) => boolean;
}

/** A larger file is not kept in memory for an undo. */
const largest = 20_000_000;

const absent: FileState = { kind: 'absent' };

/** The files of sessions' folders on the disk. */
export function createWorkingFiles({ isUnsaved }: WorkingFilesPorts): WorkingFiles {
  const look = async (directory: string, path: string): Promise<FileState> => {
    await assertInside(directory, path);
    if (isUnsaved(path)) {
      throw new Problem(
        l10n.t('{0} has changes that are not saved. Save or revert it in its editor first.', path),
      );
    }
    return readState(path);
  };
  return {
    read: look,
    replace: async (directory, replacements) => {
      for (const { path, from } of replacements) {
        const now = await look(directory, path);
        if (!isSameState(now, from)) throw changedMeanwhile(path);
      }
      await replaceAll(replacements);
    },
  };
}

/** What was done of them is taken back where one fails. */
async function replaceAll(replacements: readonly FileReplacement[]): Promise<void> {
  const done: FileReplacement[] = [];
  try {
    for (const replacement of replacements) {
      const { path, from, to } = replacement;
      // A file that is overwritten may be so by half; one that somebody else made meanwhile is not ours to remove.
      if (from.kind === 'text') done.unshift(replacement);
      await write(path, from, to);
      if (from.kind === 'absent') done.unshift(replacement);
    }
  } catch (error) {
    for (const { path, from, to } of done) await write(path, to, from).catch(() => undefined);
    throw new Problem(l10n.t('The files could not be written: {0}', String(error)), { cause: error });
  }
}

async function write(path: string, from: FileState, to: FileState): Promise<void> {
  if (to.kind === 'absent') {
    await rm(path, { force: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  // No link that somebody put there meanwhile is followed (Windows knows no such word).
  const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0;
  const how = from.kind === 'absent' ? constants.O_CREAT | constants.O_EXCL : constants.O_TRUNC;
  const file = await open(path, constants.O_WRONLY | how | noFollow, to.mode);
  try {
    await file.writeFile(to.text, 'utf8');
  } finally {
    await file.close();
  }
  if (from.kind === 'absent') await chmod(path, to.mode & 0o777);
}

/** Nothing outside of the folder, nothing of git's own, and no link that leads elsewhere. */
async function assertInside(directory: string, path: string): Promise<void> {
  const below = pathBelow(directory, path);
  const names = below?.split('/') ?? [];
  const isOdd = below === undefined || names.some((name) => ['', '.', '..'].includes(name));
  if (isOdd || isOfGit(below)) throw outside(path);
  let folder = dirname(path);
  const realPath = (one: string): Promise<string | undefined> => realpath(one).catch(() => undefined);
  // A folder that is not there yet is made: the next one above it that is there counts.
  while ((await realPath(folder)) === undefined && folder.length > directory.length) folder = dirname(folder);
  const isRoot = pathBelow(directory, folder) === undefined;
  if (isRoot) return;
  if ((await locateFile(folder, [directory], realPath)) !== 'inside') throw outside(path);
  // A link with another name may lead there.
  const [root, real] = await Promise.all([realPath(directory), realPath(folder)]);
  if (isOfGit(pathBelow(root ?? directory, real ?? folder) ?? '')) throw outside(path);
}

function isOfGit(below: string): boolean {
  return below.split('/').some((name) => name.toLowerCase() === '.git');
}

function outside(path: string): Problem {
  return new Problem(l10n.t('{0} is not in the folder of the session, so it is not touched.', path));
}

async function readState(path: string): Promise<FileState> {
  const stat = await lstat(path, { bigint: true }).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (stat === undefined) return absent;
  if (stat.isSymbolicLink())
    throw new Problem(l10n.t('{0} is a link, which is not taken back from here.', path));
  if (!stat.isFile()) throw new Problem(l10n.t('{0} is no file (any more).', path));
  if (stat.size > largest) throw new Problem(l10n.t('{0} is too large to be taken back from here.', path));
  const bytes = await readFile(path);
  const text = decode(bytes);
  if (text === undefined) throw new Problem(l10n.t('{0} is no text, and is not taken back from here.', path));
  return { kind: 'text', text, mode: Number(stat.mode), inode: `${stat.dev}:${stat.ino}` };
}

/** The text of the bytes, with its byte order mark; undefined where it would not become the same bytes again. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function isSameState(one: FileState, other: FileState): boolean {
  if (one.kind === 'absent' || other.kind === 'absent') return one.kind === other.kind;
  return one.text === other.text;
}

function changedMeanwhile(path: string): Problem {
  return new Problem(l10n.t('{0} was changed meanwhile, and is left as it is. Try again.', path));
}
