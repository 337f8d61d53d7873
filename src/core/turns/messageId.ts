import type { AssistantMessage } from '../../protocol/records.ts';

/** Makes ids for our own messages; time and randomness are handed in. */
export interface IdSource {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A message id as the server makes them: the lower 48 bits of the time (times 4096) in hexadecimal, then 14
 * random letters, so that it sorts among the server's own.
 */
export function makeMessageId({ now, random }: IdSource): string {
  const time = BigInt.asUintN(48, BigInt(now()) * 0x1000n + BigInt(Math.floor(random() * 0x1000)));
  const letters = Array.from({ length: 14 }, () => alphabet[Math.floor(random() * alphabet.length)]);
  return `msg_${time.toString(16).padStart(12, '0')}${letters.join('')}`;
}

/** Milliseconds by which the id of an answer and its time may differ: the server makes them one after the other. */
const samePoint = 500;
/** What an id tells of the time comes again after so many milliseconds. */
const span = 2 ** 36;

/** Whether the answer came with a fork: its id is of the fork's moment, its time that of the original. */
export function isCopied({ id, time }: Pick<AssistantMessage, 'id' | 'time'>): boolean {
  const [, digits] = /^msg_([0-9a-f]{12})/.exec(id) ?? [];
  if (digits === undefined) return false;
  const made = Math.floor(Number.parseInt(digits, 16) / 0x1000);
  const distance = (((made - time.created) % span) + span) % span;
  return Math.min(distance, span - distance) > samePoint;
}
