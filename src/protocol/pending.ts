import * as z from 'zod';
import { StartedBy } from './automation.ts';
import { oncePerRecord, withOurs } from './ours.ts';
import { ModelReference } from './records.ts';

/** One leg of a relay: a prompt for an agent that waits until the session has settled. */
export const RelayLeg = z.object({
  /** The id that its message will have: sending it twice writes the same message twice and starts nothing. */
  messageId: z.string(),
  agent: z.string(),
  model: ModelReference,
  text: z.string(),
  /** Whether the session is compacted before it is sent. */
  compacts: z.literal(true).optional().catch(undefined),
  /** Whether nobody is to answer it: it is told to the session, also after a run that ended badly. */
  silent: z.literal(true).optional().catch(undefined),
  /** The session whose agent wrote it; where it has an id `notice`, what becomes of it is told there under that. */
  from: z
    .object({ session: z.string(), agent: z.string(), notice: z.string().optional() })
    .optional()
    .catch(undefined),
  /** The automation that wrote it: no person and no agent did. */
  automation: StartedBy.optional().catch(undefined),
  /** A prompt of another session: it is sent once that was answered or never will be, and says what came of it. */
  awaits: z.object({ session: z.string(), messageId: z.string() }).optional().catch(undefined),
  /** Legs that were asked for together. */
  chain: z.string(),
  /** Its place in the chain, counted from 1 over all that the chain has sent. */
  hop: z.number(),
  /** When it was asked for, in milliseconds since 1970, as the clock stood. */
  time: z.number(),
  /** The newest message of the session when it was asked for, empty if there was none: what ended before says nothing about it. */
  after: z.string().optional(),
  /** Whether a run or another leg was to come before it when it was asked for. */
  behind: z.boolean().catch(true),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('waiting') }),
    /** A window says that it is about to send it, or did so; `window` names it. */
    z.object({ kind: z.literal('sending'), window: z.string(), time: z.number() }),
    /** It waits for a person; `reason` is a sentence. */
    z.object({ kind: z.literal('held'), reason: z.string() }),
  ]),
  /** That an editor of the user wrote all of this for this very session (`core/turns/relayProof.ts`). */
  proof: z.string().optional().catch(undefined),
});
export type RelayLeg = z.infer<typeof RelayLeg>;

/** The pending relays of one session, first in, first out. */
export const PendingRelays = z.object({
  /** The session itself: a server may copy metadata into forks, whose copies are not to be sent. */
  session: z.string(),
  /** Random, of the last write: tells a window that another one wrote over it. */
  revision: z.string(),
  /** The revision that the writer had read: tells whether it knew of another write. */
  base: z.string().optional(),
  /** The message ids of legs that were told in another way, newest last: asked for again, they are not told again. */
  told: z.array(z.string()).optional().catch(undefined),
  /** A leg that this version cannot read is passed over. */
  legs: z.array(z.unknown()).transform((legs) => legs.flatMap((leg) => RelayLeg.safeParse(leg).data ?? [])),
});
export type PendingRelays = z.infer<typeof PendingRelays>;

const parseMetadata = oncePerRecord(z.looseObject({ relays: PendingRelays.optional().catch(undefined) }));

/** What the session's metadata holds of its own relays; undefined if it holds none. */
export function parsePendingRelays(session: {
  readonly id: string;
  readonly metadata?: Record<string, unknown> | undefined;
}): PendingRelays | undefined {
  const relays = parseMetadata(session)?.relays;
  return relays?.session === session.id ? relays : undefined;
}

/** `metadata` with these relays and all else left as it is. The server replaces metadata whole. */
export function withPendingRelays(
  metadata: Record<string, unknown> | undefined,
  relays: PendingRelays,
): Record<string, unknown> {
  return withOurs(metadata, { relays });
}
