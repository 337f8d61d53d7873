import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess } from '../../src/server/keeper/processTree.ts';
import type { OpenCodeHome } from './openCodeServer.ts';
import { waitFor } from './waitFor.ts';

/** What a keeper notes of its server. */
interface KeeperNote {
  readonly pid?: number;
  readonly port?: number;
  readonly needed?: string;
}

/** The process of the server that the home's keeper runs, from the keeper's own note; undefined when it runs none. */
export async function managedServerPid(home: Pick<OpenCodeHome, 'home'>): Promise<number | undefined> {
  return (await keeperNote(home)).pid;
}

/** What the home's keeper notes of its server; empty when there is no keeper yet. */
export async function keeperNote({ home }: Pick<OpenCodeHome, 'home'>): Promise<KeeperNote> {
  const folder = join(home, 'state');
  const files = await readdir(folder).catch(() => []);
  const note = files.find((file) => file.startsWith('keeper-') && file.endsWith('.json'));
  if (note === undefined) return {};
  // It is being written anew when it is empty.
  const text = await readUnlessGone(join(folder, note));
  return text === undefined || text === '' ? {} : (JSON.parse(text) as KeeperNote);
}

/** Ends the home's keeper and the server that it runs, whatever works there; resolves when both are gone. */
export async function endKeeper(home: Pick<OpenCodeHome, 'home'>): Promise<void> {
  const server = await managedServerPid(home);
  if (server === undefined) return;
  const keeper = await parentOf(server).catch(() => undefined);
  // A server whose keeper was killed is somebody else's child.
  const head = keeper !== undefined && (await isKeeper(keeper)) ? keeper : server;
  if (await isRunning(head)) process.kill(head, 'SIGTERM');
  for (const pid of new Set([head, server])) {
    await waitFor(async () => !(await isRunning(pid)), { what: `the end of process ${pid}` });
  }
}

async function isKeeper(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('keeper');
}

/** A keeper takes its note away when it ends, also between a look at the folder and one at the note. */
async function readUnlessGone(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The process that began this one (Linux). */
export async function parentOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
}

export async function isRunning(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) !== undefined;
}
