import * as z from 'zod';
import { metadataKey, oncePerRecord } from './ours.ts';

/** That a prompt was a relay, as its text keeps it on the server. */
const Relayed = z.object({
  /** Its session: a fork copies the text with all that is kept of it, and nothing was relayed there. */
  of: z.string(),
  /** Who had the turn before, where that was known. */
  from: z.string().optional(),
});

const parse = oncePerRecord(z.looseObject({ relayed: Relayed.optional().catch(undefined) }));

/** What the text of a relay is sent with. */
export function relayedMetadata({
  id,
  agent,
}: {
  readonly id: string;
  readonly agent?: string | undefined;
}): Record<string, unknown> {
  return { [metadataKey]: { relayed: { of: id, ...(agent === undefined ? {} : { from: agent }) } } };
}

/** From whom a text was relayed in its own session; undefined where it was not. */
export function parseRelayed(part: {
  readonly sessionID: string;
  readonly metadata?: Record<string, unknown> | undefined;
}): { readonly from?: string } | undefined {
  const relayed = parse(part)?.relayed;
  if (relayed === undefined || relayed.of !== part.sessionID) return undefined;
  return relayed.from === undefined ? {} : { from: relayed.from };
}
