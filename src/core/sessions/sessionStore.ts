import { Emitter, type Event } from '../event.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { PermissionRequest, QuestionRequest, Session, SessionStatus } from '../../protocol/records.ts';
import { parsePendingRelays } from '../../protocol/pending.ts';
import { parseScratch } from '../../protocol/scratch.ts';
import { isSame } from '../isSame.ts';
import type { DirectorySnapshot, Look, ServerSink, ToldMeanwhile } from '../ports/serverSink.ts';
import { Descent } from './descent.ts';
import { findOrigin, type Origin } from './sessionKind.ts';
import { nameSession } from './unnamed.ts';

export interface SessionsChange {
  /** The sessions that differ, those that are gone included. */
  readonly sessionIds: ReadonlySet<string>;
  /** Whether sessions came, went, or moved to another place in the tree. */
  readonly structure: boolean;
}

/** What the views may see of the sessions: the state, and word that it changed. */
export interface Sessions {
  readonly onDidChange: Event<SessionsChange>;
  get(sessionId: string): Session | undefined;
  all(): readonly Session[];
  /** Where a session came from: what it says of itself, else what was inferred. */
  origin(session: Session): Origin;
  /** What people know the session by: its title, before the server has named it its first prompt; in a plain line. */
  title(session: Pick<Session, 'id' | 'title'>): string;
  /** The first prompt of a session that is not named yet, where it is known; empty: there is none. */
  firstPrompt(sessionId: string): string | undefined;
  /** The subagents, forks and hand-offs of a session, in no order. */
  derivedFrom(sessionId: string): readonly Session[];
  status(sessionId: string): SessionStatus;
  /** Open requests of this very session, oldest first. */
  permissions(sessionId: string): readonly PermissionRequest[];
  questions(sessionId: string): readonly QuestionRequest[];
}

const nothing: ToldMeanwhile = { records: new Set(), statuses: new Set(), requests: new Set() };

const idle: SessionStatus = { type: 'idle' };

/**
 * The sessions of one server, as of the last event applied.
 *
 * Only the server's word changes this state. A command asks the server to act and waits for the event
 * like everyone else, so no view can show what did not happen.
 */
export class SessionStore implements Sessions, ServerSink {
  readonly #didChange = new Emitter<SessionsChange>();
  readonly #sessions = new Map<string, Session>();
  readonly #descent = new Descent();
  /** Of sessions that do not say it themselves. */
  readonly #inferred = new Map<string, Origin>();
  /** Of sessions that the server has not named. */
  readonly #prompts = new Map<string, string>();
  /** Only of sessions that are not idle. */
  readonly #statuses = new Map<string, SessionStatus>();
  readonly #permissions = new Map<string, PermissionRequest[]>();
  readonly #questions = new Map<string, QuestionRequest[]>();

  readonly onDidChange = this.#didChange.event;

  get(sessionId: string): Session | undefined {
    return this.#sessions.get(sessionId);
  }

  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  origin(session: Session): Origin {
    const told = findOrigin(session);
    return told.kind === 'root' ? (this.#inferred.get(session.id) ?? told) : told;
  }

  /** Takes in what somebody found out about the origins of sessions from what the server holds. */
  infer(origins: ReadonlyMap<string, Origin>): void {
    const sessionIds = new Set<string>();
    for (const [sessionId, origin] of origins) {
      const session = this.#sessions.get(sessionId);
      if (session === undefined) continue;
      this.#inferred.set(sessionId, origin);
      this.#descent.put(sessionId, this.origin(session).from);
      sessionIds.add(sessionId);
    }
    if (sessionIds.size > 0) this.#didChange.fire({ sessionIds, structure: true });
  }

  title(session: Pick<Session, 'id' | 'title'>): string {
    return nameSession(session, this.#prompts.get(session.id));
  }

  firstPrompt(sessionId: string): string | undefined {
    return this.#prompts.get(sessionId);
  }

  /** Takes in what somebody read of a session that is not named yet: its first prompt, empty where it has none. */
  learnPrompt(sessionId: string, prompt: string): void {
    if (!this.#sessions.has(sessionId) || this.#prompts.get(sessionId) === prompt) return;
    this.#prompts.set(sessionId, prompt);
    this.#touch(sessionId);
  }

  derivedFrom(sessionId: string): readonly Session[] {
    return [...this.#descent.derivedFrom(sessionId)].flatMap((id) => this.#sessions.get(id) ?? []);
  }

  status(sessionId: string): SessionStatus {
    return this.#statuses.get(sessionId) ?? idle;
  }

  permissions(sessionId: string): readonly PermissionRequest[] {
    return this.#permissions.get(sessionId) ?? [];
  }

  questions(sessionId: string): readonly QuestionRequest[] {
    return this.#questions.get(sessionId) ?? [];
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#takeOver({ snapshot, complete: true, told: nothing }, () => true);
  }

  compare(look: Look): void {
    const directories = new Set(look.snapshot.map(({ directory }) => directory));
    this.#takeOver(look, (session) => directories.has(session.directory));
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.#put(event.properties.info);
        break;
      case 'session.deleted':
        this.#remove(event.properties.info.id);
        break;
      case 'session.status':
        this.#applyStatus(event.properties.sessionID, event.properties.status);
        break;
      case 'permission.asked':
        addRequest(this.#permissions, event.properties);
        this.#touch(event.properties.sessionID);
        break;
      case 'question.asked':
        addRequest(this.#questions, event.properties);
        this.#touch(event.properties.sessionID);
        break;
      case 'permission.replied':
        removeRequest(this.#permissions, event.properties.sessionID, event.properties.requestID);
        this.#touch(event.properties.sessionID);
        break;
      case 'question.replied':
      case 'question.rejected':
        removeRequest(this.#questions, event.properties.sessionID, event.properties.requestID);
        this.#touch(event.properties.sessionID);
        break;
      default:
        break;
    }
  }

  /** Takes over what is otherwise, and tells of nothing else. `isListed` tells of a session whether it would be there. */
  #takeOver({ snapshot, complete, told }: Look, isListed: (session: Session) => boolean): void {
    const changed = new Set<string>();
    const sessions = snapshot.flatMap((directory) => directory.sessions);
    let structure = false;
    for (const session of sessions) {
      const before = this.#sessions.get(session.id);
      if (told.records.has(session.id) || isSame(before, session)) continue;
      if (before === undefined || placeInTree(before) !== placeInTree(session)) structure = true;
      this.#sessions.set(session.id, session);
      this.#descent.put(session.id, this.origin(session).from);
      changed.add(session.id);
    }
    const there = new Set(sessions.map(({ id }) => id));
    for (const session of complete ? this.all() : []) {
      if (there.has(session.id) || told.records.has(session.id) || !isListed(session)) continue;
      this.#forget(session.id);
      changed.add(session.id);
      structure = true;
    }
    this.#takeOverStatuses(snapshot, told.statuses, changed);
    this.#takeOverRequests(snapshot, told.requests, changed);
    if (changed.size > 0) this.#didChange.fire({ sessionIds: changed, structure });
  }

  #takeOverStatuses(
    snapshot: readonly DirectorySnapshot[],
    told: ReadonlySet<string>,
    changed: Set<string>,
  ): void {
    const statuses = new Map(snapshot.flatMap((directory) => Object.entries(directory.statuses)));
    for (const sessionId of new Set([...this.#statuses.keys(), ...statuses.keys()])) {
      const status = statuses.get(sessionId) ?? idle;
      if (told.has(sessionId) || isSame(this.status(sessionId), status)) continue;
      this.#setStatus(sessionId, status);
      changed.add(sessionId);
    }
  }

  #takeOverRequests(
    snapshot: readonly DirectorySnapshot[],
    told: ReadonlySet<string>,
    changed: Set<string>,
  ): void {
    // A server may list the requests of an aborted session for ever; an idle session waits for nobody.
    const isOpen = ({ sessionID }: { sessionID: string }) => this.status(sessionID).type !== 'idle';
    const permissions = snapshot.flatMap((directory) => directory.permissions).filter(isOpen);
    const questions = snapshot.flatMap((directory) => directory.questions).filter(isOpen);
    takeOverRequests(this.#permissions, permissions, told, changed);
    takeOverRequests(this.#questions, questions, told, changed);
  }

  #put(session: Session): void {
    const before = this.#sessions.get(session.id);
    this.#sessions.set(session.id, session);
    this.#descent.put(session.id, this.origin(session).from);
    const structure = before === undefined || placeInTree(before) !== placeInTree(session);
    this.#didChange.fire({ sessionIds: new Set([session.id]), structure });
  }

  #remove(sessionId: string): void {
    if (!this.#sessions.has(sessionId)) return;
    this.#forget(sessionId);
    this.#didChange.fire({ sessionIds: new Set([sessionId]), structure: true });
  }

  #forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.#descent.remove(sessionId);
    this.#inferred.delete(sessionId);
    this.#prompts.delete(sessionId);
    this.#statuses.delete(sessionId);
    this.#dropRequests(sessionId);
  }

  #applyStatus(sessionId: string, status: SessionStatus): void {
    const before = this.status(sessionId);
    this.#setStatus(sessionId, status);
    if (status.type === 'idle') this.#dropRequests(sessionId);
    // `busy` is sent again at each step of a run; that is no change.
    if (before.type !== status.type || status.type === 'retry') this.#touch(sessionId);
  }

  #setStatus(sessionId: string, status: SessionStatus): void {
    if (status.type === 'idle') this.#statuses.delete(sessionId);
    else this.#statuses.set(sessionId, status);
  }

  #dropRequests(sessionId: string): void {
    this.#permissions.delete(sessionId);
    this.#questions.delete(sessionId);
  }

  #touch(sessionId: string): void {
    this.#didChange.fire({ sessionIds: new Set([sessionId]), structure: false });
  }
}

/** All that decides where a session stands in the tree and which relays stand below it, as one comparable text. */
function placeInTree(session: Session): string {
  const { kind, from } = findOrigin(session);
  const relays = (parsePendingRelays(session)?.legs ?? []).map(({ messageId }) => messageId);
  const { directory, time } = session;
  const scratch = parseScratch(session)?.proof;
  return [directory, time.archived, kind, from, scratch, ...relays].join(' ');
}

function takeOverRequests<Request extends { id: string; sessionID: string }>(
  known: Map<string, Request[]>,
  listed: readonly Request[],
  told: ReadonlySet<string>,
  changed: Set<string>,
): void {
  const wanted = Map.groupBy(listed, ({ sessionID }) => sessionID);
  for (const sessionId of new Set([...known.keys(), ...wanted.keys()])) {
    const requests = wanted.get(sessionId) ?? [];
    if (told.has(sessionId) || isSame(known.get(sessionId) ?? [], requests)) continue;
    if (requests.length === 0) known.delete(sessionId);
    else known.set(sessionId, requests);
    changed.add(sessionId);
  }
}

function addRequest<Request extends { id: string; sessionID: string }>(
  requests: Map<string, Request[]>,
  request: Request,
): void {
  const others = (requests.get(request.sessionID) ?? []).filter(({ id }) => id !== request.id);
  requests.set(request.sessionID, [...others, request]);
}

function removeRequest<Request extends { id: string }>(
  requests: Map<string, Request[]>,
  sessionId: string,
  requestId: string,
): void {
  const others = (requests.get(sessionId) ?? []).filter(({ id }) => id !== requestId);
  if (others.length === 0) requests.delete(sessionId);
  else requests.set(sessionId, others);
}
