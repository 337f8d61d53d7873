import { NotFoundProblem, Problem, sentenceOf, UncertainProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { Deletion, DeletionMemory } from '../core/ports/deletionMemory.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { Retries } from '../core/retries.ts';
import { isArchived } from '../core/sessions/sessionKind.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { SessionLock } from '../core/turns/sessionLock.ts';
import type { Session } from '../protocol/records.ts';
import { deleteOrThrow, deleteSurely } from './deleteSurely.ts';
import {
  describeBegun,
  describeFailed,
  describeKept,
  describeFound,
  describeHold,
  describeUnknown,
  type FoundDeletion,
  type KeptBecause,
} from './deletionWords.ts';
import { mayHaveActed } from './prompting/attempts.ts';
import { hasChanged, hasGoneOn, readTrace, type SessionTrace } from './sessionTrace.ts';
import { findHold, type HoldPorts } from './whatHolds.ts';

export interface DeletionsPorts extends HoldPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession' | 'deleteSession' | 'listMessages'>;
  readonly sessions: Pick<Sessions, 'all' | 'title' | 'status'>;
  readonly lock: SessionLock;
  readonly memory: DeletionMemory;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug' | 'warn'>;
}

/** How long a session can be had back, in milliseconds. */
const patience = 10_000;

/** Under this, all that is left is looked at again. */
const allLeft = 'left';

/** One deletion of this window; a later one of the same session is another. */
interface Pending extends Deletion {
  /** By their ids, the prompts that wait and are to go with it. */
  readonly known: ReadonlySet<string>;
  /** Resolves when the session was put away, or could not be. */
  readonly putAway: PromiseWithResolvers<void>;
  /** How the session stood once it was put away. */
  trace?: SessionTrace;
  /** Somebody may have wanted it back, so that it is not deleted; or the server was asked, so that it is too late for that. */
  state: 'waiting' | 'takenBack' | 'deleting';
}

export interface NotBack extends Pick<Deletion, 'sessionId' | 'name'> {
  readonly error: unknown;
}

/** What became of sessions that were to be given back. */
export interface Undone {
  readonly back: readonly string[];
  /** By their names, those that the server was asked to delete already. */
  readonly tooLate: readonly string[];
  /** These are not deleted and can be given back yet. */
  readonly failed: readonly NotBack[];
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
  readonly #retries: Retries;
  /** What an earlier window left, and what nobody knows the end of. */
  #left: readonly Deletion[];

  readonly onDidChange = this.#didChange.event;

  constructor(ports: DeletionsPorts) {
    this.#ports = ports;
    this.#left = ports.memory.read();
    this.#retries = new Retries({ ...ports, retry: () => void this.resume() });
  }

  /** The sessions that can be had back. */
  get pending(): readonly string[] {
    return [...this.#pending.values()].filter(isUndoable).map(({ sessionId }) => sessionId);
  }

  /**
   * Puts sessions away that do not work, and deletes them later. Throws what the server answers. `known`: by their ids, the
   * prompts that wait there and are to go with them; another one keeps its session.
   */
  async begin(sessions: readonly Session[], known: ReadonlySet<string> = new Set()): Promise<void> {
    const begun: Pending[] = [];
    try {
      for (const { id } of sessions) {
        const pending = await this.#putAway(id, known);
        if (pending !== undefined) begun.push(pending);
      }
    } finally {
      this.#waitFor(begun.filter((pending) => this.#isWaiting(pending)));
    }
  }

  /** Deletes a session that cannot be put away; it cannot be had back. Throws what says that it is there, or may be. */
  async deleteNow(session: Session, known: ReadonlySet<string>): Promise<void> {
    const name = this.#ports.sessions.title(session);
    await this.#hold(session.id, async (isHeld) => {
      const hold = isHeld ? 'awaited' : findHold(this.#ports, session.id, known);
      if (hold !== undefined) throw describeHold(name, hold);
      await deleteOrThrow(this.#ports.openCode, session.id, name);
    });
  }

  /** Gives sessions back that are not deleted yet, all where none is named, each on its own. */
  async undo(sessionIds: readonly string[] = [...this.#pending.keys()]): Promise<Undone> {
    const wanted = sessionIds.flatMap((id) => this.#pending.get(id) ?? []);
    const open = wanted.filter(isUndoable);
    const tooLate = wanted.filter((pending) => !open.includes(pending)).map(({ name }) => name);
    // From here on they are not deleted, however long it takes to give them back.
    for (const pending of open) pending.state = 'takenBack';
    const back: string[] = [];
    const failed: NotBack[] = [];
    for (const pending of open) {
      const { sessionId, name } = pending;
      try {
        await pending.putAway.promise;
        await this.#putBack(pending);
        this.#drop(pending);
        back.push(sessionId);
      } catch (error) {
        if (error instanceof NotFoundProblem) this.#drop(pending);
        failed.push({ sessionId, name, error });
      }
    }
    return { back, tooLate, failed };
  }

  /** Says where sessions stand that an earlier window did not live to delete, and of which it is not known whether it did. */
  async resume(): Promise<void> {
    const left = this.#left;
    const found: FoundDeletion[] = [];
    for (const deletion of left) {
      try {
        found.push({ deletion, session: await this.#ports.openCode.getSession(deletion.sessionId) });
      } catch (error) {
        if (!(error instanceof NotFoundProblem)) {
          this.#ports.log.debug('It is not known what became of sessions that were to be deleted.', error);
          this.#retries.later(allLeft);
          return;
        }
        found.push({ deletion, session: undefined });
      }
    }
    this.#retries.reset(allLeft);
    // What was deleted anew meanwhile is told of by that, and what was told of already by another look.
    const open = found.filter(({ deletion }) => this.#left.includes(deletion));
    if (open.length === 0) return;
    this.#left = this.#left.filter((deletion) => !left.includes(deletion));
    this.#save();
    for (const notice of describeFound(open)) this.#ports.notify(notice);
  }

  dispose(): void {
    for (const timer of this.#timers) timer.dispose();
    this.#retries.dispose();
    this.#didChange.dispose();
  }

  /**
   * It is written down before it is put away, so that a window that ends in between leaves a word of it. undefined: the
   * server was asked to delete it already.
   */
  async #putAway(sessionId: string, known: ReadonlySet<string>): Promise<Pending | undefined> {
    const { openCode, sessions, now } = this.#ports;
    await this.#pending.get(sessionId)?.putAway.promise;
    const { record, newest } = await readTrace(this.#ports, sessionId);
    const earlier = this.#pending.get(sessionId);
    if (earlier?.state === 'deleting') return undefined;
    const pending: Pending = {
      sessionId,
      name: sessions.title(record),
      wasArchived: isArchived(record) && !isPutAwayBy(earlier, record),
      known,
      putAway: Promise.withResolvers(),
      state: 'waiting',
    };
    this.#pending.set(sessionId, pending);
    this.#left = this.#left.filter((deletion) => deletion.sessionId !== sessionId);
    this.#save();
    try {
      const there = isArchived(record)
        ? record
        : await openCode.updateSession(sessionId, { archived: now() });
      pending.trace = { record: there, newest };
    } catch (error) {
      // Where it stands, nobody knows: it is left there.
      if (this.#isWaiting(pending)) this.#drop(pending);
      throw error;
    } finally {
      pending.putAway.resolve();
    }
    return pending;
  }

  /** Throws what the server answers, unless the session is seen to be back; what may have acted, where that is not seen. */
  async #putBack({ sessionId, wasArchived }: Deletion): Promise<void> {
    const { openCode } = this.#ports;
    if (wasArchived) return;
    try {
      await openCode.updateSession(sessionId, { archived: 0 });
    } catch (error) {
      if (!mayHaveActed(error)) throw error;
      if (isArchived(await openCode.getSession(sessionId))) throw new Problem(sentenceOf(error));
    }
  }

  #waitFor(begun: readonly Pending[]): void {
    if (begun.length === 0) return;
    const { startTimer, notify } = this.#ports;
    const timer = startTimer(() => {
      this.#timers.delete(timer);
      void this.#deleteAll(begun);
    }, patience);
    this.#timers.add(timer);
    const written = begun.filter(({ sessionId }) => this.#ports.written.has(sessionId));
    notify(describeBegun(begun, written));
  }

  async #deleteAll(begun: readonly Pending[]): Promise<void> {
    for (const pending of begun) {
      if (!this.#isWaiting(pending)) continue;
      try {
        await this.#hold(pending.sessionId, (isHeld) => this.#delete(pending, isHeld));
      } catch (error) {
        this.#fail(pending, error);
      }
      // Whoever gives it back forgets it.
      if (pending.state !== 'takenBack') this.#drop(pending);
    }
  }

  #fail(pending: Pending, error: unknown): void {
    const { log, notify } = this.#ports;
    if (error instanceof NotFoundProblem || pending.state === 'takenBack') return;
    log.warn('A session could not be deleted.', pending.sessionId, error);
    if (pending.state === 'waiting' || !(error instanceof UncertainProblem)) {
      notify(describeFailed(pending, error));
      return;
    }
    this.#left = [...this.#left, { ...toKept(pending), isUnknown: true }];
    this.#retries.later(allLeft);
    notify(describeUnknown(pending, error));
  }

  /** Lets nothing be sent to the session meanwhile; what is being sent may take minutes and is not waited for. */
  async #hold(sessionId: string, act: (isHeld: boolean) => Promise<void>): Promise<void> {
    const { lock } = this.#ports;
    if (lock.holder(sessionId) !== undefined) return act(true);
    return lock.hold(sessionId, l10n.t('The session is being deleted.'), () => act(false));
  }

  async #delete(pending: Pending, isHeld: boolean): Promise<void> {
    const { openCode, notify } = this.#ports;
    const { sessionId, trace, known } = pending;
    const now = await readTrace(this.#ports, sessionId);
    // Somebody may have it back while the server is asked.
    if (!this.#isWaiting(pending) || trace === undefined || !isArchived(now.record)) return;
    const hold = findHold(this.#ports, sessionId, known) ?? (isHeld ? 'awaited' : undefined);
    const because = hold ?? findDifference(trace, now);
    if (because === undefined) {
      pending.state = 'deleting';
      this.#save();
      const there = await deleteSurely(openCode, sessionId);
      if (there !== undefined) notify(describeFailed(pending, there.error, isArchived(there.session)));
      return;
    }
    // Where somebody else put it, it stays.
    const isOurs = now.record.time.archived === trace.record.time.archived;
    const failure = isOurs ? await this.#tryPutBack(pending) : undefined;
    notify(describeKept(pending, because, failure));
  }

  /** Answers with what failed; throws `NotFoundProblem` where the session is gone. */
  async #tryPutBack(pending: Pending): Promise<unknown> {
    try {
      await this.#putBack(pending);
      return undefined;
    } catch (error) {
      if (error instanceof NotFoundProblem) throw error;
      return error;
    }
  }

  /** Whether it goes on: nobody had it back, and none was begun after it. */
  #isWaiting(pending: Pending): boolean {
    return pending.state === 'waiting' && this.#pending.get(pending.sessionId) === pending;
  }

  /** Forgets a deletion; a newer one of the same session goes on. */
  #drop(pending: Pending): void {
    if (this.#pending.get(pending.sessionId) !== pending) return;
    this.#pending.delete(pending.sessionId);
    this.#save();
  }

  #save(): void {
    this.#ports.memory.write([...this.#left, ...[...this.#pending.values()].map(toKept)]);
    this.#didChange.fire();
  }
}

function findDifference(before: SessionTrace, now: SessionTrace): KeptBecause | undefined {
  if (hasGoneOn(before, now)) return 'works';
  return hasChanged(before, now) ? 'changed' : undefined;
}

function isUndoable({ state }: Pending): boolean {
  return state !== 'deleting';
}

/** Whether the session stands in the archive because of an earlier deletion, and of nobody since. */
function isPutAwayBy(earlier: Pending | undefined, { time }: Session): boolean {
  return earlier?.wasArchived === false && earlier.trace?.record.time.archived === time.archived;
}

function toKept({ sessionId, name, wasArchived }: Pending): Deletion {
  return { sessionId, name, wasArchived };
}
