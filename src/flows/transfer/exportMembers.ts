import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import type { ExportRequest } from './exportRequest.ts';

/** A session that is exported; `inner`: a subagent, which stands at the call that started it. */
export interface Member {
  readonly session: Session;
  readonly inner: boolean;
}

type Known = Pick<Sessions, 'get' | 'origin' | 'derivedFrom'>;

/**
 * All sessions that go along, each once, whoever came from whom: what others came from stands before them. A lineage begins
 * at the session that is known to have come from none; where one names another in a circle, it begins anywhere in it.
 */
export function exportMembers(
  sessions: Known,
  { sessions: named, scope }: Pick<ExportRequest, 'sessions' | 'scope'>,
): readonly Member[] {
  const taken = new Map<string, Member>();
  const names = new Set(named.map(({ id }) => id));
  const take = (session: Session): void => {
    if (taken.has(session.id)) return;
    const { kind, from } = sessions.origin(session);
    const inner = kind === 'subagent' && from !== undefined && taken.has(from);
    taken.set(session.id, { session, inner });
    if (scope === 'session') return;
    for (const next of derived(sessions, session)) {
      if (scope === 'lineage' || sessions.origin(next).kind === 'subagent') take(next);
    }
  };
  const roots = scope === 'lineage' ? named.map((session) => rootOf(sessions, session)) : named;
  for (const session of roots) take(session);
  // Whoever stands in a circle is reached from another one of it, or is named by nobody.
  for (const session of named) if (names.has(session.id)) take(session);
  return [...taken.values()];
}

function derived(sessions: Known, session: Session): readonly Session[] {
  return sessions.derivedFrom(session.id).toSorted((one, other) => one.time.created - other.time.created);
}

function rootOf(sessions: Known, session: Session): Session {
  const seen = new Set([session.id]);
  let root = session;
  for (;;) {
    const { from } = sessions.origin(root);
    const next = from === undefined ? undefined : sessions.get(from);
    if (next === undefined || seen.has(next.id)) return root;
    seen.add(next.id);
    root = next;
  }
}
