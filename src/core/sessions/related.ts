import { parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';
import { isArchived, type Origin } from './sessionKind.ts';

/** What is asked of the sessions to find which belong together. */
export interface RelatedSessions {
  get(sessionId: string): Session | undefined;
  origin(session: Session): Origin;
  derivedFrom(sessionId: string): readonly Session[];
}

/** The name of the approaches that a session was started with, by its own word; undefined: it was started alone. */
export function groupOf(session: Session): string | undefined {
  const lineage = parseLineage(session);
  return lineage?.kind === 'fork' ? lineage.group : undefined;
}

/** The approaches that a session was started with, itself among them, in the order in which they were made; none where it was started alone. */
export function approachesWith(sessions: RelatedSessions, session: Session): readonly Session[] {
  const group = groupOf(session);
  const from = parseLineage(session)?.from;
  if (group === undefined || from === undefined) return [];
  const others = sessions.derivedFrom(from).filter((other) => other.id !== session.id);
  return [session, ...others.filter((other) => groupOf(other) === group)].toSorted(byBeginning);
}

/** The approaches that were started from a session, group by group, those that were started last first. */
export function approachesBelow(
  sessions: Pick<RelatedSessions, 'derivedFrom'>,
  { id }: Pick<Session, 'id'>,
): readonly (readonly Session[])[] {
  const groups = Map.groupBy(sessions.derivedFrom(id), groupOf);
  return [...groups]
    .flatMap(([group, approaches]) => (group === undefined ? [] : [approaches.toSorted(byBeginning)]))
    .toSorted(([a], [b]) => (b?.time.created ?? 0) - (a?.time.created ?? 0));
}

/** Whether it is the one that a person kept of its approaches: all others that are there stand in the archive. */
export function isKept(sessions: RelatedSessions, session: Session): boolean {
  if (groupOf(session) === undefined || isArchived(session)) return false;
  const others = approachesWith(sessions, session).filter(({ id }) => id !== session.id);
  return others.length > 0 && others.every(isArchived);
}

/** The first of the sessions that a session came from, as far as they are known; itself, where it came from none. */
export function rootOf(sessions: Pick<RelatedSessions, 'get' | 'origin'>, session: Session): string {
  return ancestorsOf(sessions, session).at(-1) ?? session.id;
}

/** The nearest session that all of these are or came from; undefined: they share nothing, as far as anybody knows. */
export function commonAncestor(
  sessions: Pick<RelatedSessions, 'get' | 'origin'>,
  compared: readonly Session[],
): string | undefined {
  const [first = [], ...others] = compared.map((session) => ancestorsOf(sessions, session));
  return first.find((id) => others.every((ids) => ids.includes(id)));
}

/** A session, and those that it came from, nearest first, as far as they are known; of the last one perhaps no more than its id. */
function ancestorsOf(sessions: Pick<RelatedSessions, 'get' | 'origin'>, session: Session): readonly string[] {
  const ids = new Set([session.id]);
  for (let one: Session | undefined = session; one !== undefined;) {
    const { from } = sessions.origin(one);
    if (from === undefined || ids.has(from)) break;
    ids.add(from);
    one = sessions.get(from);
  }
  return [...ids];
}

function byBeginning(a: Session, b: Session): number {
  return a.time.created - b.time.created || (a.id < b.id ? -1 : 1);
}
