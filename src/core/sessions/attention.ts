import type { PermissionRequest, QuestionRequest, Session } from '../../protocol/records.ts';
import { Emitter, type Disposable } from '../event.ts';
import type { Sessions, SessionsChange } from './sessionStore.ts';

/** Something that only the user can decide; `request.sessionID` says which session waits. */
export type Waiting =
  | { readonly kind: 'permission'; readonly request: PermissionRequest }
  | { readonly kind: 'question'; readonly request: QuestionRequest };

/**
 * Which sessions wait for the user. What a subagent waits for is also told of every session above it, since
 * the whole run stands still until somebody answers.
 */
export class Attention implements Disposable {
  readonly #didChange = new Emitter<{ readonly sessionIds: ReadonlySet<string> }>();
  readonly #sessions: Sessions;
  readonly #subscription: Disposable;
  /** The sessions that have open requests of their own. */
  readonly #asking = new Set<string>();
  /** By session, those of its subagents included. */
  #waiting: ReadonlyMap<string, readonly Waiting[]> = new Map();

  /** Tells which sessions wait for something else than before. */
  readonly onDidChange = this.#didChange.event;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#subscription = sessions.onDidChange((change) => this.#update(change));
    this.#update({ sessionIds: new Set(sessions.all().map(({ id }) => id)), structure: true });
  }

  /** What this session or a subagent of it waits for, its own requests first. */
  of(sessionId: string): readonly Waiting[] {
    return this.#waiting.get(sessionId) ?? [];
  }

  /** The sessions on top of those that wait, each once: what a badge counts. */
  get roots(): readonly string[] {
    return [...this.#waiting.keys()].filter((id) => {
      const parentID = this.#sessions.get(id)?.parentID;
      return parentID === undefined || !this.#waiting.has(parentID);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #update({ sessionIds, structure }: SessionsChange): void {
    let differs = structure && this.#asking.size > 0;
    for (const sessionId of sessionIds) {
      const asks = ownRequests(this.#sessions, sessionId).length > 0;
      if (asks || this.#asking.has(sessionId)) differs = true;
      if (asks) this.#asking.add(sessionId);
      else this.#asking.delete(sessionId);
    }
    if (!differs) return;
    const before = this.#waiting;
    this.#waiting = rollUp(this.#sessions, this.#asking);
    const changed = differingKeys(before, this.#waiting);
    if (changed.size > 0) this.#didChange.fire({ sessionIds: changed });
  }
}

/** The sessions above this one by `parentID`, nearest first; a circle ends where it closes. */
export function subagentParents(sessions: Pick<Sessions, 'get'>, sessionId: string): readonly string[] {
  const parents = new Set<string>([sessionId]);
  for (
    let id = sessions.get(sessionId)?.parentID;
    id !== undefined && !parents.has(id) && sessions.get(id) !== undefined;
    id = sessions.get(id)?.parentID
  ) {
    parents.add(id);
  }
  return [...parents].slice(1);
}

/** The ids of all sessions below this one by `parentID`. */
export function subagentsBelow(sessions: readonly Session[], sessionId: string): readonly string[] {
  const children = Map.groupBy(sessions, ({ parentID }) => parentID);
  const found = new Set<string>();
  const open = [sessionId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const child of children.get(id) ?? []) {
      if (found.has(child.id) || child.id === sessionId) continue;
      found.add(child.id);
      open.push(child.id);
    }
  }
  return [...found];
}

function rollUp(sessions: Sessions, asking: ReadonlySet<string>): Map<string, Waiting[]> {
  const waiting = new Map<string, Waiting[]>();
  for (const sessionId of asking) {
    const requests = ownRequests(sessions, sessionId);
    waiting.set(sessionId, [...requests, ...(waiting.get(sessionId) ?? [])]);
    for (const parent of subagentParents(sessions, sessionId)) {
      waiting.set(parent, [...(waiting.get(parent) ?? []), ...requests]);
    }
  }
  return waiting;
}

/** What this very session waits for. */
export function ownRequests(
  sessions: Pick<Sessions, 'permissions' | 'questions'>,
  sessionId: string,
): readonly Waiting[] {
  return [
    ...sessions.permissions(sessionId).map((request): Waiting => ({ kind: 'permission', request })),
    ...sessions.questions(sessionId).map((request): Waiting => ({ kind: 'question', request })),
  ];
}

function differingKeys(
  before: ReadonlyMap<string, readonly Waiting[]>,
  after: ReadonlyMap<string, readonly Waiting[]>,
): Set<string> {
  const requestIds = (of: readonly Waiting[] | undefined) =>
    (of ?? []).map(({ request }) => request.id).join(' ');
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Set([...keys].filter((key) => requestIds(before.get(key)) !== requestIds(after.get(key))));
}
