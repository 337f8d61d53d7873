import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { JsonLines } from './jsonLines.ts';

// Whoever can read the user's secret is the user. Each side proves it before the other says anything that matters: a
// named pipe is open to other users (Windows), and any program may listen where the keeper should.

/** 32 bytes as digits. */
const Digits = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Hello = z.object({ nonce: Digits });
const KeeperProof = z.object({ nonce: Digits, proof: Digits });
const WindowProof = z.object({ proof: Digits, pid: z.int() });

/** Milliseconds in which a window has to prove itself. */
const patience = 10_000;

/** The window's part. `foreign`: what listens there is not this user's keeper; it was told nothing. */
export async function greetKeeper(
  lines: JsonLines,
  secret: string,
  patienceWithKeeper: number,
): Promise<'proven' | 'closed' | 'silent' | 'foreign'> {
  const nonce = makeNonce();
  lines.write({ nonce });
  const answer = await lines.next(KeeperProof, patienceWithKeeper);
  if (answer.kind !== 'message') return answer.kind;
  const { nonce: keepers, proof } = answer.message;
  if (!isEqual(proof, prove(secret, 'keeper', nonce, keepers))) return 'foreign';
  lines.write({ proof: prove(secret, 'window', keepers, nonce), pid: process.pid });
  return 'proven';
}

/** The keeper's part: the window's process once it has proven itself, else undefined. */
export async function admitWindow(lines: JsonLines, secret: string): Promise<number | undefined> {
  const hello = await lines.next(Hello, patience);
  if (hello.kind !== 'message') return undefined;
  const nonce = makeNonce();
  const windows = hello.message.nonce;
  lines.write({ nonce, proof: prove(secret, 'keeper', windows, nonce) });
  const answer = await lines.next(WindowProof, patience);
  if (answer.kind !== 'message') return undefined;
  const { proof, pid } = answer.message;
  return isEqual(proof, prove(secret, 'window', nonce, windows)) ? pid : undefined;
}

/** Who proves is part of it, so that no side's words can be handed back to it. */
function prove(secret: string, who: 'keeper' | 'window', asked: string, own: string): string {
  return createHmac('sha256', secret).update([who, asked, own].join(' ')).digest('hex');
}

function makeNonce(): string {
  return randomBytes(32).toString('hex');
}

function isEqual(given: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(given), Buffer.from(right));
}
