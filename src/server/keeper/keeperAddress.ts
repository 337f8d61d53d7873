import { createHash, createHmac } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** What windows must agree on to share a server. */
export interface KeeperKey {
  /** The absolute path of the `opencode` program. */
  readonly program: string;
  /** The one that it speaks: a program that was replaced by one of another generation is run otherwise. */
  readonly dialect: string;
  /** A folder of the user that all windows know, and the secret that it holds. */
  readonly stateFolder: string;
  readonly secret: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface KeeperAddress {
  /** A socket's path, or a named pipe's on Windows. */
  readonly socket: string;
  /** Where the keeper notes which server it runs. */
  readonly record: string;
}

/** The variables that choose OpenCode's home: servers in different homes are different servers. */
const homeVariables = ['HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'];

/** The longest path that every Unix takes for a socket is 103 bytes. */
const longestSocketPath = 103;

/**
 * What keepers and windows say to each other, counted. A window whose extension was updated finds no keeper that speaks
 * otherwise: such a one goes on for the windows that it has, with a server of its own, and ends with them.
 */
const language = 'keeper 3';

/** Where the keeper for this program, home and machine listens. */
export function keeperAddress(
  { program, dialect, stateFolder, environment, secret }: KeeperKey,
  { platform, temporary } = { platform: process.platform, temporary: tmpdir() },
): KeeperAddress {
  const homes = homeVariables.map((name) => environment[name] ?? '');
  const isWindows = platform === 'win32';
  const folder = isWindows ? stateFolder : socketFolder(stateFolder, temporary);
  const words = [language, program, dialect, ...new Set([stateFolder, folder]), hostname(), ...homes].join(
    '\0',
  );
  const record = join(stateFolder, `keeper-${shorten(createHash('sha256').update(words))}.json`);
  // Who cannot read the secret cannot tell where a keeper will listen, and cannot be there before it.
  const name = shorten(createHmac('sha256', secret).update(words));
  const socket = isWindows ? `\\\\.\\pipe\\opencode-sessions-${name}` : join(folder, `${name}.sock`);
  return { socket, record };
}

/** Beside the note where a socket's path may be that long, else a folder of this user where there is room for it. */
function socketFolder(stateFolder: string, temporary: string): string {
  const own = `opencode-sessions-${userInfo().uid}`;
  const longest = longestSocketPath - '/0123456789abcdef.sock'.length;
  const fitting = [stateFolder, join(temporary, own)].find((folder) => Buffer.byteLength(folder) <= longest);
  return fitting ?? join('/tmp', own);
}

/** Makes the folders of an address, for this user alone; throws when someone else holds the socket's folder. */
export async function prepareKeeperFolders({ socket, record }: KeeperAddress): Promise<void> {
  await mkdir(dirname(record), { recursive: true });
  if (process.platform === 'win32' || dirname(socket) === dirname(record)) return;
  const folder = dirname(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== userInfo().uid || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user alone`);
  }
}

function shorten(hash: { digest(encoding: 'hex'): string }): string {
  return hash.digest('hex').slice(0, 16);
}
