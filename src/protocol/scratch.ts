import * as z from 'zod';
import { metadataKey } from './lineage.ts';

/**
 * Marks a throw-away session, made to ask a model something without leaving a turn in the source. It is
 * deleted whatever happens; views leave it out, and one that a crash left behind is recognised by this.
 */
const Metadata = z.looseObject({ scratch: z.object({ from: z.string(), time: z.number() }) });

/** The metadata of a throw-away session; takes the place of all that a fork inherited. */
export function scratchMetadata(scratch: {
  readonly from: string;
  readonly time: number;
}): Record<string, unknown> {
  return { [metadataKey]: { scratch } };
}

/** Where a throw-away session came from and when (milliseconds since 1970); undefined for all others. */
export function parseScratch(session: {
  readonly metadata?: Record<string, unknown> | undefined;
}): { readonly from: string; readonly time: number } | undefined {
  const kept = session.metadata?.[metadataKey];
  return kept === undefined ? undefined : Metadata.safeParse(kept).data?.scratch;
}
