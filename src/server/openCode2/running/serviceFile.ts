import { open, type FileHandle } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { UnavailableProblem } from '../../../core/errors.ts';
import { l10n } from '../../../core/l10n.ts';
import { isLoopback } from '../../../core/loopback.ts';
import type { RegisteredService } from '../../dialect/service.ts';
import { username2 } from './serving2.ts';

/** As a service of 2.x registers itself (2.0.26): only what is read here is named. */
const Registration = z.object({
  url: z.string(),
  version: z.string(),
  pid: z.int().check(z.positive()),
  password: z.optional(z.string()),
});

/** Bytes; a registration has some hundred. */
const largest = 64 * 1024;

/** Where the person's own background server registers itself, on all systems alike. */
export function serviceFile(environment: NodeJS.ProcessEnv): string {
  const home = environment[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();
  const state = environment['XDG_STATE_HOME'] || join(home, '.local', 'state');
  return join(state, 'opencode', 'service.json');
}

/**
 * The service that is registered there, if its process lives. The file holds a password, so one that is another user's, or
 * that others can read or write, is not believed.
 * @throws UnavailableProblem with what to do; nothing in it is of what the file holds.
 */
export async function readService(environment: NodeJS.ProcessEnv): Promise<RegisteredService | undefined> {
  const file = serviceFile(environment);
  const text = await readOwn(file);
  if (text === undefined) return undefined;
  const { url, version, pid, password = '' } = parseRegistration(text) ?? refuse(malformed(file));
  if (!isAlive(pid)) return undefined;
  const address = URL.parse(url);
  if (address === null || address.protocol !== 'http:' || !isLoopback(address.hostname)) {
    return refuse(leadsElsewhere(file));
  }
  return { url: address.origin, username: username2, password, version, pid };
}

/** Undefined where there is no file. */
async function readOwn(file: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { uid, mode, size } = await handle.stat();
    if (process.platform !== 'win32') {
      if (uid !== userInfo().uid) return refuse(foreign(file));
      if ((mode & 0o077) !== 0) return refuse(loose(file));
    }
    return size > largest ? '' : await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof UnavailableProblem) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return refuse(unreadable(file, code));
  } finally {
    await handle?.close();
  }
}

function parseRegistration(text: string): z.infer<typeof Registration> | undefined {
  try {
    return Registration.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether this user has such a process: a number that another user's has by now was given away anew. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function refuse(message: string): never {
  throw new UnavailableProblem(message, {
    mayHaveArrived: false,
    remedy: { title: l10n.t('Connect Again'), command: 'opencodeSessions.server.reconnect' },
  });
}

function foreign(file: string): string {
  return l10n.t(
    'The file {0}, in which your OpenCode background service registers itself, belongs to another user, so it is not believed. Delete it, and start OpenCode again.',
    file,
  );
}

function loose(file: string): string {
  return l10n.t(
    'The file {0} holds the password of your OpenCode background service and is open to other users. Take their rights away (chmod 600), or restart OpenCode, which writes it anew.',
    file,
  );
}

function unreadable(file: string, code: string): string {
  return l10n.t(
    'The file {0}, in which your OpenCode background service registers itself, cannot be read ({1}). Whether one runs is not known: give yourself the right to read it, or delete it.',
    file,
    code,
  );
}

function malformed(file: string): string {
  return l10n.t(
    'The file {0} does not say which OpenCode background service runs. Restart OpenCode, which writes it anew; if no OpenCode runs, delete it.',
    file,
  );
}

function leadsElsewhere(file: string): string {
  return l10n.t(
    'The file {0} names a service that is not on this machine, so it is given no password. Restart OpenCode; to attach to a server elsewhere, name its address.',
    file,
  );
}
