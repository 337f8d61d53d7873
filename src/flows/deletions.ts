import { NotFoundProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Deletion, DeletionMemory } from '../core/ports/deletionMemory.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { subagentsBelow } from '../core/sessions/attention.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import { isArchived } from '../core/sessions/sessionKind.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';
import {
  describeBegun,
  describeFailed,
  describeKept,
  describeLeft,
  type KeptBecause,
} from './deletionWords.ts';
import { hasChanged, hasGoneOn, readNewest, readTrace, type SessionTrace } from './sessionTrace.ts';

export interface DeletionsPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession' | 'deleteSession' | 'listMessages'>;
  readonly sessions: Pick<Sessions, 'all' | 'title' | 'status'>;
  readonly ends: Pick<LastEnds, 'worksElsewhere'>;
  readonly memory: DeletionMemory;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug' | 'warn'>;
}

/** How long a session can be had back, in milliseconds. */
const patience = 10_000;

/** One deletion of this window; a later one of the same session is another. */
interface Pending extends Deletion {
  /** How the session stood once it was put away. */
  trace?: SessionTrace;
}

/**
 * Deletes sessions after a while in which they stand in the archive, so that somebody who did not mean it can have them
 * back. Where anything was done with one meanwhile, by whomever, it is not deleted; what the window did not live to
 * delete stays in the archive, and the next one says so.
 */
export class Deletions implements Disposable {
  readonly #ports: DeletionsPorts;
  readonly #didChange = new Emitter<void>();
  readonly #pending = new Map<string, Pending>();
  readonly #timers = new Set<Disposable>();
  /** What an earlier window left. */
  #left: readonly Deletion[];

  readonly onDidChange = this.#didChange.event;

  constructor(ports: DeletionsPorts) {
    this.#ports = ports;
    this.#left = ports.memory.read();
  }

  /** The sessions that can be had back. */
  get pending(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Puts sessions away that do not work, and deletes them later. Throws what the server answers. */
  async begin(sessions: readonly Session[]): Promise<void> {
    const begun: Pending[] = [];
    try {
      for (const session of sessions) {
        if (this.#pending.has(session.id)) continue;
        begun.push(await this.#putAway(session));
      }
    } finally {
      if (begun.length > 0) this.#waitFor(begun);
    }
  }

  /** Gives sessions back that are not deleted yet, all where none is named; answers with those that it gave back. */
  async undo(sessionIds: readonly string[] = this.pending): Promise<readonly string[]> {
    const back = sessionIds.flatMap((id) => this.#pending.get(id) ?? []);
    for (const { sessionId } of back) this.#pending.delete(sessionId);
    this.#save();
    for (const deletion of back) await this.#putBack(deletion);
    return back.map(({ sessionId }) => sessionId);
  }

  /** Says of what an earlier window did not live to delete where it stands. */
  async resume(): Promise<void> {
    if (this.#left.length === 0) return;
    const there: Deletion[] = [];
    for (const deletion of this.#left) {
      try {
        if (isArchived(await this.#ports.openCode.getSession(deletion.sessionId))) there.push(deletion);
      } catch (error) {
        if (error instanceof NotFoundProblem) continue;
        this.#ports.log.debug('It is not known what became of sessions that were to be deleted.', error);
        return;
      }
    }
    this.#left = [];
    this.#save();
    if (there.length > 0) this.#ports.notify(describeLeft(there));
  }

  dispose(): void {
    for (const timer of this.#timers) timer.dispose();
    this.#didChange.dispose();
  }

  /** It is written down before it is put away, so that a window that ends in between leaves a word of it. */
  async #putAway({ id }: Session): Promise<Pending> {
    const { openCode, sessions, now } = this.#ports;
    const { record, newest } = await readTrace(this.#ports, id);
    const wasArchived = isArchived(record);
    const pending: Pending = { sessionId: id, name: sessions.title(record), wasArchived };
    this.#pending.set(id, pending);
    this.#save();
    try {
      const putAway = wasArchived ? record : await openCode.updateSession(id, { archived: now() });
      pending.trace = { record: putAway, newest };
    } catch (error) {
      // Where it stands, nobody knows: it is left there.
      this.#drop(pending);
      throw error;
    }
    return pending;
  }

  async #putBack({ sessionId, wasArchived }: Deletion): Promise<void> {
    if (!wasArchived) await this.#ports.openCode.updateSession(sessionId, { archived: 0 });
  }

  #waitFor(begun: readonly Pending[]): void {
    const { startTimer, notify } = this.#ports;
    const timer = startTimer(() => {
      this.#timers.delete(timer);
      void this.#deleteAll(begun);
    }, patience);
    this.#timers.add(timer);
    notify(describeBegun(begun));
  }

  async #deleteAll(begun: readonly Pending[]): Promise<void> {
    for (const pending of begun) {
      // Somebody had it back.
      if (!this.#isWaiting(pending)) continue;
      try {
        await this.#delete(pending);
      } catch (error) {
        if (error instanceof NotFoundProblem) continue;
        this.#ports.log.warn('A session could not be deleted.', pending.sessionId, error);
        this.#ports.notify(describeFailed(pending, error));
      } finally {
        this.#drop(pending);
      }
    }
  }

  async #delete(pending: Pending): Promise<void> {
    const { openCode, notify } = this.#ports;
    const { sessionId, trace } = pending;
    const now = await readTrace(this.#ports, sessionId);
    // Somebody may have it back while the server is asked.
    if (!this.#isWaiting(pending) || trace === undefined || !isArchived(now.record)) return;
    const because = this.#findReason(trace, now);
    if (because === undefined) return openCode.deleteSession(sessionId);
    // Where somebody else put it, it stays.
    if (now.record.time.archived === trace.record.time.archived) await this.#putBack(pending);
    notify(describeKept(pending, because));
  }

  /** Why a session is not to be deleted. */
  #findReason(before: SessionTrace, now: SessionTrace): KeptBecause | undefined {
    if (this.#isAtWork(now.record.id) || hasGoneOn(before, now)) return 'works';
    return hasChanged(before, now) ? 'changed' : undefined;
  }

  #isAtWork(sessionId: string): boolean {
    const { sessions, ends } = this.#ports;
    return [sessionId, ...subagentsBelow(sessions.all(), sessionId)].some(
      (id) => sessions.status(id).type !== 'idle' || ends.worksElsewhere(id),
    );
  }

  #isWaiting(pending: Pending): boolean {
    return this.#pending.get(pending.sessionId) === pending;
  }

  /** Forgets a deletion; a newer one of the same session goes on. */
  #drop(pending: Pending): void {
    if (!this.#isWaiting(pending)) return;
    this.#pending.delete(pending.sessionId);
    this.#save();
  }

  #save(): void {
    this.#ports.memory.write([...this.#left, ...[...this.#pending.values()].map(toKept)]);
    this.#didChange.fire();
  }
}

function toKept({ sessionId, name, wasArchived }: Pending): Deletion {
  return { sessionId, name, wasArchived };
}
