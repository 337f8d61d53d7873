import * as z from 'zod';
import { metadataKey, oncePerRecord } from './ours.ts';

/** Says of a session that it is thrown away again; `core/sessions/scratch.ts` tells which word is believed. */
export const Scratch = z.object({
  /** The session itself. */
  of: z.string().optional(),
  /** The session that it came from. */
  from: z.string(),
  /** When, in milliseconds since 1970. */
  time: z.number(),
  /** That an editor of the user wrote this of this very session. */
  proof: z.string().optional().catch(undefined),
});
export type Scratch = z.infer<typeof Scratch>;

const parseMetadata = oncePerRecord(z.looseObject({ scratch: Scratch }));

/** The metadata of a throw-away session; takes the place of all that a fork inherited. */
export function scratchMetadata(scratch: Scratch): Record<string, unknown> {
  return { [metadataKey]: { scratch } };
}

/** What the session's metadata says of it; a copy says it as well. */
export function parseScratch(session: {
  readonly metadata?: Record<string, unknown> | undefined;
}): Scratch | undefined {
  return parseMetadata(session)?.scratch;
}
