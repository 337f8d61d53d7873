import * as z from 'zod';
import { metadataKey, oncePerRecord } from './ours.ts';

/** That a text was brought back by a fork, as it keeps it on the server. */
const BroughtBack = z.object({
  /** The fork. */
  from: z.string(),
});
export type BroughtBack = z.infer<typeof BroughtBack>;

const parse = oncePerRecord(z.looseObject({ broughtBack: BroughtBack.optional().catch(undefined) }));

/** What a text is sent with that a fork brings back. */
export function broughtBackMetadata(forkId: string): Record<string, unknown> {
  return { [metadataKey]: { broughtBack: { from: forkId } } };
}

/** From which fork a text was brought back; undefined where it was not. No person said it, also in a copy of it. */
export function parseBroughtBack(part: {
  readonly metadata?: Record<string, unknown> | undefined;
}): BroughtBack | undefined {
  return parse(part)?.broughtBack;
}
