import * as z from 'zod';

/**
 * What we keep with a session on the server, under `session.metadata.opencodeSessions`. OpenCode sets a
 * `parentID` for subagents only and copies metadata into forks (1.18), so the lineage is ours, and it
 * is written over the inherited one right after a fork or a hand-off.
 */
export const metadataKey = 'opencodeSessions';

export const Lineage = z.object({
  kind: z.enum(['fork', 'handoff']),
  /** The session it came from. */
  from: z.string(),
  /** The last message of the source that it includes; absent: all of them. */
  at: z.string().optional(),
  /** When, in milliseconds since 1970. */
  time: z.number(),
  /** Names forks that were started together. */
  group: z.string().optional(),
});
export type Lineage = z.infer<typeof Lineage>;

const Metadata = z.looseObject({ lineage: Lineage.optional().catch(undefined) });

/** Where a session came from, or undefined if it began by itself (or says so in words we do not know). */
export function parseLineage(session: {
  readonly metadata?: Record<string, unknown> | undefined;
}): Lineage | undefined {
  const kept = session.metadata?.[metadataKey];
  // Most sessions keep nothing, and a parse that fails costs many times one that succeeds.
  return kept === undefined ? undefined : Metadata.safeParse(kept).data?.lineage;
}

/** `metadata` with the lineage set and all that others keep there left as it is. The server replaces metadata whole. */
export function withLineage(
  metadata: Record<string, unknown> | undefined,
  lineage: Lineage,
): Record<string, unknown> {
  return { ...metadata, [metadataKey]: { lineage } };
}
