import * as z from 'zod';
import { signPrefix } from './companion.ts';

// What editors say of the person before them to whoever sends by itself, as texts that the server tells to all who listen to it.

const typingPrefix = `${signPrefix}typing:`;
const receivePrefix = `${signPrefix}receive:`;

const Typing = z.object({
  sessionID: z.string().max(100),
  /** False: what was typed was sent, or taken out. */
  isTyping: z.boolean(),
});
/** That somebody types a prompt for a session. */
export type Typing = z.infer<typeof Typing>;

/** What becomes of the messages that other sessions send, the loosest first. */
export const Receive = z.enum(['accept', 'hold', 'refuse']);
export type Receive = z.infer<typeof Receive>;

const ToldReceive = z.object({
  receive: Receive,
  /** When it was said, in milliseconds since 1970: said again by somebody else later, it counts no more. */
  time: z.number(),
  /** That an editor of the user says so, of this directory (`receiveWords`). */
  proof: z.string().max(200),
});
export type ToldReceive = z.infer<typeof ToldReceive>;

export const printTyping = (typing: Typing): string => `${typingPrefix}${JSON.stringify(typing)}`;
export const printReceive = (told: ToldReceive): string => `${receivePrefix}${JSON.stringify(told)}`;

/** Undefined for every other text. */
export const parseTyping = (sign: string): Typing | undefined => parse(sign, typingPrefix, Typing);
/** Undefined for every other text. */
export const parseReceive = (sign: string): ToldReceive | undefined =>
  parse(sign, receivePrefix, ToldReceive);

/** What the proof of a told policy is made of. */
export function receiveWords(
  directory: string,
  { receive, time }: Omit<ToldReceive, 'proof'>,
): readonly unknown[] {
  return ['receive', directory, receive, time];
}

/** The one of two that lets less through. */
export function stricter(one: Receive, other: Receive): Receive {
  const order = Receive.options;
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

function parse<Said>(sign: string, prefix: string, schema: z.ZodType<Said>): Said | undefined {
  if (!sign.startsWith(prefix)) return undefined;
  try {
    return schema.safeParse(JSON.parse(sign.slice(prefix.length))).data;
  } catch {
    return undefined;
  }
}
