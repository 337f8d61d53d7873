import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { isFreePort } from '../http/freePort.ts';
import { identifyProcess, killTree } from './processTree.ts';

const Running = z.object({ pid: z.int().check(z.positive()), identity: z.string() });
const Port = z.object({ port: z.int().check(z.positive(), z.maximum(65_535)) });

/**
 * Notes which server a keeper runs, so that the next keeper can end it if this one is killed, and its port, so that the
 * next one listens there. It holds no secret.
 */
export async function writeServerRecord(
  file: string,
  { pid, port }: { readonly pid: number; readonly port: number },
): Promise<void> {
  const identity = await identifyProcess(pid);
  await write(file, identity === undefined ? { port } : { pid, identity, port });
}

/** Notes for what the server is needed while there is no window, for whoever wonders why it still runs. */
export async function noteNeed(file: string, pid: number, needed: string | undefined): Promise<void> {
  const record = await readRecord(file);
  const running = Running.safeParse(record).data;
  if (running?.pid !== pid) return;
  await write(file, {
    ...running,
    ...Port.safeParse(record).data,
    ...(needed === undefined ? {} : { needed }),
  });
}

/** Leaves nothing but the port, unless another keeper noted its own server meanwhile. */
export async function clearServerRecord(file: string, pid: number): Promise<void> {
  const record = await readRecord(file);
  if (Running.safeParse(record).data?.pid === pid) await write(file, Port.safeParse(record).data ?? {});
}

/** The port of the last server that was noted. */
export async function lastPort(file: string): Promise<number | undefined> {
  return Port.safeParse(await readRecord(file)).data?.port;
}

/** Ends the server that the record names, if that very process still runs; answers whether it did. */
export async function reapServer(file: string): Promise<boolean> {
  const record = await readRecord(file);
  const running = Running.safeParse(record).data;
  if (running === undefined) return false;
  const stillRuns = (await identifyProcess(running.pid)) === running.identity;
  if (stillRuns) {
    await killTree(running.pid);
    const place = Port.safeParse(record).data;
    if (place !== undefined) await untilFree(place.port);
  }
  await clearServerRecord(file, running.pid);
  return stillRuns;
}

/** A program that was killed lets its port go some moments later; who else has it keeps it. */
async function untilFree(port: number): Promise<void> {
  const deadline = performance.now() + 3_000;
  while (performance.now() < deadline && !(await isFreePort(port))) await delay(50);
}

async function readRecord(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function write(file: string, record: object): Promise<void> {
  return writeFile(file, JSON.stringify(record), { mode: 0o600 });
}
