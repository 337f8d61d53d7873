import * as z from 'zod';
import { StartedBy } from './automation.ts';
import { metadataKey, oncePerRecord } from './ours.ts';
import type { RelayLeg } from './pending.ts';

/** That a prompt was a relay, as its text keeps it on the server. */
const Mark = z.object({
  /** Its session: a fork copies the text with all that is kept of it, and nothing was relayed there. */
  of: z.string(),
  /** Who had the turn before, where that was known. */
  from: z.string().optional(),
  /** The session whose agent wrote it, where that is another one. */
  session: z.string().optional().catch(undefined),
  /** Whether an agent wrote it, of this session or of another one, or an automation: no person did. */
  byAgent: z.literal(true).optional().catch(undefined),
  /** The automation that wrote it. */
  automation: StartedBy.optional().catch(undefined),
  /** Its place in its chain, counted from 1: whoever goes on from here counts on. Absent where an older version wrote it. */
  hop: z.number().optional().catch(undefined),
});

const parse = oncePerRecord(z.looseObject({ relayed: Mark.optional().catch(undefined) }));

/** How far a chain has come, and the agent or the automation that wrote a prompt of it; absent: a person did. */
export type Relayed = Pick<RelayLeg, 'hop' | 'from' | 'automation'>;

/** What the text of a relay is sent with. */
export function relayedMetadata(
  { id, agent }: { readonly id: string; readonly agent?: string | undefined },
  { hop, from, automation }: Relayed,
): Record<string, unknown> {
  const isFromAnother = from !== undefined && from.session !== id;
  const by = isFromAnother ? from.agent : agent;
  const relayed = {
    of: id,
    ...(by === undefined ? {} : { from: by }),
    ...(isFromAnother ? { session: from.session } : {}),
    ...(from === undefined && automation === undefined ? {} : { byAgent: true }),
    ...(automation === undefined ? {} : { automation }),
    hop,
  };
  return { [metadataKey]: { relayed } };
}

interface Kept {
  readonly sessionID: string;
  readonly metadata?: Record<string, unknown> | undefined;
}

/** From whom a text was relayed, from which other session, and by which automation; undefined where it was not. */
export function parseRelayed(
  part: Kept,
): { readonly from?: string; readonly session?: string; readonly automation?: StartedBy } | undefined {
  const relayed = read(part);
  if (relayed === undefined) return undefined;
  const { from, session, automation } = relayed;
  return {
    ...(from === undefined ? {} : { from }),
    ...(session === undefined ? {} : { session }),
    ...(automation === undefined ? {} : { automation }),
  };
}

/** Whether an agent or an automation wrote the text, also in a copy of it: no person said it. */
export function isOfAgent(part: Kept): boolean {
  return parse(part)?.relayed?.byAgent === true;
}

/** How far its chain had come with a text; 0 where it was not relayed. */
export function hopOfRelayed(part: Kept): number {
  const relayed = read(part);
  return relayed === undefined ? 0 : (relayed.hop ?? 1);
}

function read(part: Kept): z.infer<typeof Mark> | undefined {
  const relayed = parse(part)?.relayed;
  return relayed?.of === part.sessionID ? relayed : undefined;
}
