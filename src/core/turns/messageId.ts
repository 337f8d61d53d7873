import type { AssistantMessage, UserMessage } from '../../protocol/records.ts';

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

/** Another id of the same moment, which is the same one whoever makes it. */
export function idBeside(id: string): string {
  const last = alphabet.indexOf(id.at(-1) ?? '');
  return `${id.slice(0, -1)}${alphabet[(last + 1) % alphabet.length]}`;
}

/** The id of the one message that tells of a permission or a question: the server makes the ids of all kinds in one way. */
export function messageIdOf(requestId: string): string {
  return `msg_${requestId.slice(requestId.indexOf('_') + 1)}`;
}

/** Milliseconds by which the id of an answer and its time may differ: the server makes them one after the other. */
const samePoint = 500;
/** What an id tells of the time comes again after so many milliseconds. */
const span = 2 ** 36;

/** Whether the answer came with a fork: its id is of the fork's moment, its time that of the original. */
export function isCopied({ id, time }: Pick<AssistantMessage, 'id' | 'time'>): boolean {
  const made = timeIn(id, 'msg');
  if (made === undefined) return false;
  const distance = modulo(made - time.created, span);
  return Math.min(distance, span - distance) > samePoint;
}

/** The same of a prompt, whose id may be older than its time: it is made when the prompt begins to wait. */
export function isCopiedPrompt({ id, time }: Pick<UserMessage, 'id' | 'time'>): boolean {
  const made = timeIn(id, 'msg');
  if (made === undefined) return false;
  const later = modulo(made - time.created, span);
  return later > samePoint && later < span / 2;
}

/** When the server made the id of a permission or a question, in milliseconds since 1970; undefined: it does not say. */
export function timeOfId(id: string, now: number): number | undefined {
  return momentOf(timeIn(id, 'per') ?? timeIn(id, 'que'), now);
}

/** The same of the id of a message. */
export function timeOfMessageId(id: string, now: number): number | undefined {
  return momentOf(timeIn(id, 'msg'), now);
}

function momentOf(made: number | undefined, now: number): number | undefined {
  if (made === undefined) return undefined;
  const age = modulo(now - made, span);
  // The server's clock may be ahead of ours.
  return age > span / 2 ? undefined : now - age;
}

/** What an id says of the time: milliseconds, which begin again at 0 after a span. */
function timeIn(id: string, kind: 'msg' | 'per' | 'que'): number | undefined {
  const [, prefix, digits = ''] = /^([a-z]+)_([0-9a-f]{12})/.exec(id) ?? [];
  return prefix === kind ? Math.floor(Number.parseInt(digits, 16) / 0x1000) : undefined;
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;
