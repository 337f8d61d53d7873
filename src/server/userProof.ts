import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Proof } from '../core/ports/proof.ts';

/** Bytes. */
const keyLength = 32;

/**
 * The proof of this user on this machine, by a random key in `storage` (`sharedStorage`). It stands in a file and not
 * in the editor's secret storage, because that one belongs to the desktop or the browser before which a person
 * sits: two of them at one machine far away share the server and its sessions, so they must know each other's words,
 * as the companion must. `earlier`: where an older version kept the key, which goes on to hold.
 */
export function createUserProof(storage: string, log: Log, earlier?: string): Proof {
  const key = loadKey(storage, log, earlier);
  const make = (words: readonly unknown[]): string =>
    createHmac('sha256', key).update(JSON.stringify(words)).digest('base64url');
  return {
    make,
    holds: (words, proof) => proof !== undefined && isSame(make(words), proof),
  };
}

function loadKey(storage: string, log: Log, earlier: string | undefined): Buffer {
  const file = join(storage, 'proof.key');
  try {
    const known = earlier === undefined ? undefined : readKey(join(earlier, 'proof.key'));
    return readKey(file) ?? writeKey(storage, file, known ?? randomBytes(keyLength));
  } catch (error) {
    // What this window asks for is still sent; after it, nobody knows who asked.
    log.warn('The key that proves what was asked for here cannot be kept.', error);
    return randomBytes(keyLength);
  }
}

/** Windows that start in the same moment end with the same key: the first file that is whole stays. */
function writeKey(storage: string, file: string, key: Buffer): Buffer {
  mkdirSync(storage, { recursive: true, mode: 0o700 });
  const written = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(written, key, { mode: 0o600, flag: 'wx' });
    return keep(written, file) ?? key;
  } finally {
    rmSync(written, { force: true });
  }
}

function keep(written: string, file: string): Buffer | undefined {
  try {
    linkSync(written, file);
  } catch {
    // It is there already, or the disk knows no links; what is not a key is replaced.
    const kept = readKey(file);
    if (kept !== undefined) return kept;
    renameSync(written, file);
  }
  return readKey(file);
}

/** undefined where there is none, or something else. */
function readKey(file: string): Buffer | undefined {
  try {
    const key = readFileSync(file);
    return key.length === keyLength ? key : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isSame(made: string, given: string): boolean {
  const [a, b] = [Buffer.from(made), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
