import * as z from 'zod';
import { StartedBy } from './automation.ts';
import { metadataKey, oncePerRecord, withOurs } from './ours.ts';
import type { Session } from './records.ts';

/**
 * Where a session came from. OpenCode sets a `parentID` for subagents only and may copy metadata into forks, so the
 * lineage is ours, and it is written over the inherited one right after a fork or a hand-off.
 */
export const Lineage = z.object({
  /** The session itself: a copy that another client made names the one that it was forked from. Absent until the server has told the id, and where 0.1.0 wrote it. */
  of: z.string().optional(),
  kind: z.enum(['fork', 'handoff']),
  /** The session it came from. */
  from: z.string(),
  /** The last message of the source that it includes; absent: all of them. */
  at: z.string().optional(),
  /** When, in milliseconds since 1970. */
  time: z.number(),
  /** Names forks that were started together. */
  group: z.string().optional(),
  /** Under this message id the agent of the source, which began it, is told how its first turn ended. */
  report: z.string().optional(),
  /** The automation that made it. */
  automation: StartedBy.optional().catch(undefined),
});
export type Lineage = z.infer<typeof Lineage>;

const Metadata = z.looseObject({
  lineage: Lineage.optional().catch(undefined),
  mark: z.string().optional().catch(undefined),
  relays: z.object({ session: z.string() }).optional().catch(undefined),
  todos: z.object({ session: z.string() }).optional().catch(undefined),
  scratch: z.object({ of: z.string().optional(), from: z.string() }).optional().catch(undefined),
});

const parseMetadata = oncePerRecord(Metadata);

/** `metadata` with a text by which a session is found whose making nobody saw the end of; its lineage takes its place. */
export function withMark(
  metadata: Record<string, unknown> | undefined,
  mark: string,
): Record<string, unknown> {
  return withOurs(metadata, { mark });
}

export function parseMark(session: Kept): string | undefined {
  return parseMetadata(session)?.mark;
}

type Kept = Pick<Session, 'id' | 'metadata'> &
  Partial<Pick<Session, 'parentID' | 'fork'>> & { readonly time: Pick<Session['time'], 'created'> };

/**
 * Where a session came from, by our own word or, of a fork, by the server's; or undefined if it began by itself, says so in
 * words we do not know, or only copied it. A subagent has what its parent has.
 */
export function parseLineage(session: Kept): Lineage | undefined {
  const lineage = parseOwnLineage(session);
  if (lineage !== undefined) return lineage;
  const { id, fork, parentID, time } = session;
  if (fork === undefined || parentID !== undefined) return undefined;
  const at = fork.at === undefined ? {} : { at: fork.at };
  return { of: id, kind: 'fork', from: fork.from, ...at, time: time.created };
}

/** The same by our own word alone: it is made of that session by an editor or a companion. */
export function parseOwnLineage(session: Kept): Lineage | undefined {
  const lineage = parseMetadata(session)?.lineage;
  return lineage !== undefined && isOwn(session, lineage) ? lineage : undefined;
}

/** The session whose metadata this one copied, as forks of other clients do; undefined where it copied none of ours. */
export function findCopied(session: Kept): string | undefined {
  const { lineage, relays, todos, scratch } = parseMetadata(session) ?? {};
  // What was forked off a throw-away session lives on without it.
  return [
    lineage?.of,
    relays?.session,
    todos?.session,
    scratch?.of === session.id ? undefined : scratch?.from,
  ].find((id) => id !== undefined && id !== session.id);
}

/** What was written without an id was written within moments of the session's beginning; a copy comes later, as a rule. */
const unnamedFor = 60_000;

function isOwn({ id, time }: Kept, lineage: Lineage): boolean {
  return lineage.of === undefined ? Math.abs(time.created - lineage.time) < unnamedFor : lineage.of === id;
}

/** `metadata` with the lineage set and all that others keep there left as it is. The server replaces metadata whole. */
export function withLineage(
  metadata: Record<string, unknown> | undefined,
  lineage: Lineage,
): Record<string, unknown> {
  return { ...metadata, [metadataKey]: { lineage } };
}
