import * as z from 'zod';

/**
 * What we keep with a session on the server, under `session.metadata.opencodeSessions`: its lineage, its pending relays,
 * what a person changed in its todos, and whether it is thrown away again.
 */
export const metadataKey = 'opencodeSessions';

interface Kept {
  readonly metadata?: Record<string, unknown> | undefined;
}

/**
 * Reads by a schema what we keep with a session; undefined where that is nothing or cannot be read. It is asked of every
 * session at every change, so that each record is parsed once: records are replaced and never changed.
 */
export function oncePerRecord<T>(schema: z.ZodType<T>): (session: Kept) => T | undefined {
  const known = new WeakMap<object, { readonly value: T | undefined }>();
  return ({ metadata }) => {
    const kept = metadata?.[metadataKey];
    // Most sessions keep nothing, and a parse that fails costs many times one that succeeds.
    if (typeof kept !== 'object' || kept === null) return undefined;
    const read = known.get(kept) ?? { value: schema.safeParse(kept).data };
    known.set(kept, read);
    return read.value;
  };
}

/** `metadata` with one more thing of ours, and all else left as it is. The server replaces metadata whole. */
export function withOurs(
  metadata: Record<string, unknown> | undefined,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const ours = z.looseObject({}).catch({}).parse(metadata?.[metadataKey]);
  return { ...metadata, [metadataKey]: { ...ours, ...change } };
}
