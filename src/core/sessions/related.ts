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
  return ancestorsOf(sessions, session).at(-1)?.id ?? session.id;
}

/** The nearest session that all of these are or came from; undefined: they share nothing, as far as anybody knows. */
export function commonAncestor(
  sessions: Pick<RelatedSessions, 'get' | 'origin'>,
  compared: readonly Session[],
): string | undefined {
  const [first = [], ...others] = compared.map((session) =>
    ancestorsOf(sessions, session).map(({ id }) => id),
  );
  return first.find((id) => others.every((ids) => ids.includes(id)));
}

/** A session on the way back to where another one came from. */
interface Step {
  readonly id: string;
  /** It has the messages of the one that it came from. */
  readonly isForked: boolean;
}

/** A session, and those that it came from, nearest first, as far as they are known; the last one may be gone. */
export function ancestorsOf(
  sessions: Pick<RelatedSessions, 'get' | 'origin'>,
  session: Session,
): readonly Step[] {
  const steps = new Map<string, Step>();
  let id: string | undefined = session.id;
  let current: Session | undefined = session;
  while (id !== undefined && !steps.has(id)) {
    const origin: Origin | undefined = current && sessions.origin(current);
    steps.set(id, { id, isForked: origin?.kind === 'fork' });
    id = origin?.from;
    current = id === undefined ? undefined : sessions.get(id);
  }
  return [...steps.values()];
}

function byBeginning(a: Session, b: Session): number {
  return a.time.created - b.time.created || (a.id < b.id ? -1 : 1);
}
