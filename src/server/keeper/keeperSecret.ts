import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, copyFile, link, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/** What only this user's programs can read: 32 random bytes as 64 digits. */
const form = /^[0-9a-f]{64}$/;

/**
 * The secret by which the keeper and the windows of one user know each other, made by whoever asks first.
 * @throws Problem where it can be neither read nor made.
 */
export async function keeperSecret(stateFolder: string, linkFile = link): Promise<string> {
  const file = secretFile(stateFolder);
  try {
    const secret = (await readSecret(file)) ?? (await makeSecret(stateFolder, file, linkFile));
    // The keeper's socket and note stand there, too.
    await access(stateFolder, constants.W_OK);
    return secret;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      l10n.t(
        'The editor’s folder {0} cannot be used, so OpenCode is not started: {1}. Give it back to your user, or free some space there.',
        stateFolder,
        error instanceof Error ? error.message : String(error),
      ),
      { cause: error },
    );
  }
}

export function secretFile(stateFolder: string): string {
  return join(stateFolder, 'keeper.secret');
}

async function readSecret(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const isOurs = found.isFile() && (process.platform === 'win32' || found.uid === userInfo().uid);
  const secret = isOurs ? await readFile(file, 'utf8') : '';
  if (!form.test(secret)) throw new Error(l10n.t('{0} is not what this extension wrote there', file));
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) await chmod(file, 0o600);
  return secret;
}

/** Written whole under another name first: another window may read it, or make its own, at the same moment. */
async function makeSecret(stateFolder: string, file: string, linkFile: typeof link): Promise<string> {
  await mkdir(stateFolder, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    await linkFile(draft, file)
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') throw error;
        // The disk knows no links: a copy, which is not there whole at once, but never takes the place of another.
        return copyFile(draft, file, constants.COPYFILE_EXCL);
      })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
  } finally {
    await rm(draft, { force: true });
  }
  const secret = await readSecret(file);
  if (secret === undefined) throw new Error(l10n.t('{0} is gone again', file));
  return secret;
}
