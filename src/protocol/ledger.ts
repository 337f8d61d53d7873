import * as z from 'zod';

// What is kept of each prompt that was sent: a line for each thing that came to be known of it, written by windows and by
// companions and read by all of them.

export const DeliveryCause = z.enum([
  'typed',
  'queue',
  'relay',
  'handOff',
  'fork',
  'brief',
  'compaction',
  'extraction',
  'tell',
  'automation',
]);
export type DeliveryCause = z.infer<typeof DeliveryCause>;

/** Who wanted a prompt, where that is not the person before the editor. */
export const Sender = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), session: z.string(), agent: z.string() }),
  z.object({ kind: z.literal('automation'), name: z.string() }),
  /** The extension itself, e.g. to say how a session ended that an agent began. */
  z.object({ kind: z.literal('extension') }),
]);
export type Sender = z.infer<typeof Sender>;

/** The session, and the message there, that a prompt goes back to. */
export const DeliverySource = z.object({ session: z.string(), message: z.string().optional() });
export type DeliverySource = z.infer<typeof DeliverySource>;

const ending = z.enum([
  'answered',
  'superseded',
  'incomplete',
  'failed',
  'aborted',
  'rejected',
  'unanswered',
  'interrupted',
  'unseen',
  'deleted',
]);

const State = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sending') }),
  z.object({ kind: z.literal('accepted') }),
  z.object({
    kind: z.literal('unknown'),
    isAccepted: z.literal(true).optional(),
    refusal: z.string().optional(),
  }),
  z.object({ kind: z.literal('absent'), reason: z.string() }),
  z.object({ kind: z.literal('stored') }),
  z.object({ kind: z.literal('started') }),
  z.object({ kind: z.literal('ended'), how: ending }),
]);

/** All that is known of one prompt at one moment; the newest line of a message id counts. */
export const LedgerLine = z.object({
  messageId: z.string(),
  sessionId: z.string(),
  directory: z.string(),
  cause: DeliveryCause,
  by: Sender.optional(),
  source: DeliverySource.optional(),
  agent: z.string(),
  /** The first words, with what looks like a secret written over. */
  text: z.string(),
  hasFiles: z.literal(true).optional(),
  /** When it began to be sent, in milliseconds since 1970. */
  time: z.number(),
  state: State,
  /** When this came to be known, in milliseconds since 1970. */
  changed: z.number(),
});
export type LedgerLine = z.infer<typeof LedgerLine>;

/** Undefined for what is no line, e.g. one that was cut off when its writer ended. */
export function parseLedgerLine(line: string): LedgerLine | undefined {
  try {
    return LedgerLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
