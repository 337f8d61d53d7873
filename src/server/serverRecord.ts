import { readFile, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { identifyProcess, killTree } from './processTree.ts';

const ServerRecord = z.object({ pid: z.int().check(z.positive()), identity: z.string() });

/** Notes which server a keeper runs, so that the next keeper can end it if this one is killed. It holds no secret. */
export async function writeServerRecord(file: string, pid: number): Promise<void> {
  const identity = await identifyProcess(pid);
  if (identity === undefined) return;
  await writeFile(file, JSON.stringify({ pid, identity }), { mode: 0o600 });
}

/** Takes the note away, unless another keeper wrote its own there meanwhile. */
export async function removeServerRecord(file: string, pid: number): Promise<void> {
  if ((await readServerRecord(file))?.pid === pid) await rm(file, { force: true });
}

/** Ends the server that the record names, if that very process still runs; answers whether it did. */
export async function reapServer(file: string): Promise<boolean> {
  const record = await readServerRecord(file);
  if (record === undefined) return false;
  const stillRuns = (await identifyProcess(record.pid)) === record.identity;
  if (stillRuns) await killTree(record.pid);
  await removeServerRecord(file, record.pid);
  return stillRuns;
}

async function readServerRecord(file: string): Promise<z.infer<typeof ServerRecord> | undefined> {
  try {
    return ServerRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
