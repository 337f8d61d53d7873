import type { ServerEvent } from '../../protocol/events.ts';
import type { MessageWithParts, RunError, Session } from '../../protocol/records.ts';
import { isRefused, NotFoundProblem } from '../errors.ts';
import { Emitter, type Disposable } from '../event.ts';
import type { Log } from '../log.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { Retries } from '../retries.ts';
import { judgeMessages } from '../turns/judgeMessages.ts';
import { isCopied } from '../turns/messageId.ts';
import type { Outcome } from '../turns/outcome.ts';
import type { SettledTurns } from '../turns/settledTurn.ts';
import { isAbort } from '../turns/turn.ts';
import { isArchived } from './sessionKind.ts';
import type { Sessions } from './sessionStore.ts';

/** How a run ended that this window knew to be running. */
export interface RunEnd {
  readonly sessionId: string;
  readonly outcome: Outcome;
}

export interface LastEndsPorts {
  readonly turns: Pick<SettledTurns, 'onDidSettle' | 'isRunning'>;
  readonly sessions: Pick<Sessions, 'all' | 'get' | 'status'>;
  /** The newest messages of a session, `limit` at most, in the order of time. */
  readonly readMessages: (sessionId: string, limit: number) => Promise<readonly MessageWithParts[]>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Pick<Log, 'debug'>;
}

/** So many of its newest messages tell how a session ended, also with contexts and shell commands behind the last run. */
const endWindow = 10;
/** So many sessions that changed while nobody listened are asked for their end. */
const recentLimit = 20;
/** All that could not be read is read again together. */
const allLeft = 'all';

/**
 * How the last run of each session ended, as far as there is evidence: the events of the run, else its messages. That
 * a session works no longer is none, e.g. after its server was killed; until its messages are read, its end is
 * `unseen`.
 */
export class LastEnds implements ServerSink, Disposable {
  readonly #ports: LastEndsPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #didEnd = new Emitter<readonly RunEnd[]>();
  readonly #subscription: Disposable;
  readonly #ends = new Map<string, Outcome>();
  /** When a session changed last, by the server's clock. */
  readonly #updated = new Map<string, number>();
  /** Sessions that ran and whose end nobody saw. */
  readonly #owed = new Set<string>();
  /** Sessions whose last run was seen to work on this server: no other process goes on with it. */
  readonly #ranHere = new Set<string>();
  /** Sessions in which something was done of which no event told although they were listened to. */
  readonly #doneElsewhere = new Set<string>();
  /** The newest message of each session of which an event told: this server works on it, or did. */
  readonly #heard = new Map<string, string>();
  /** Sessions that changed while nobody listened. */
  readonly #changed = new Set<string>();
  #reading: Promise<void> | undefined;
  #again = false;
  /** Reads again what could not be read: nothing else may ever ask for it. */
  readonly #retries: Retries;

  readonly onDidChange = this.#didChange.event;
  /** Runs that were known to be running ended, and how is known; several at once where they ended unseen. */
  readonly onDidEnd = this.#didEnd.event;

  constructor(ports: LastEndsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: () => void this.catchUp() });
    this.#subscription = ports.turns.onDidSettle((end) => this.#take(end));
  }

  /** Undefined while the session works, and where nothing is known of an end. */
  of(sessionId: string): Outcome | undefined {
    return this.#ends.get(sessionId);
  }

  /** Whether its last run was one of this server; of another, nobody knows whether another process still works on it. */
  ranHere(sessionId: string): boolean {
    return this.#ranHere.has(sessionId);
  }

  /**
   * Whether another OpenCode process may be at work in the session: its last run has no end, and this server never saw it
   * work. A server may take a prompt all the same and begin a second run beside it.
   */
  async mayWorkElsewhere(sessionId: string): Promise<boolean> {
    if (this.#ports.turns.isRunning(sessionId)) return false;
    const before = this.of(sessionId);
    await this.#readAnew(sessionId);
    const end = this.of(sessionId);
    if (openMessage(end) === undefined) return false;
    if (before !== undefined && openMessage(before) !== openMessage(end)) this.#noteElsewhere([sessionId]);
    return this.worksElsewhere(sessionId) || !this.ranHere(sessionId);
  }

  /**
   * Whether another OpenCode process works in the session, as far as that can be known: something began there while events
   * were listened to, none told of it, and it has no end.
   */
  worksElsewhere(sessionId: string): boolean {
    const messageId = openMessage(this.of(sessionId));
    if (messageId === undefined || !this.#doneElsewhere.has(sessionId)) return false;
    return messageId > (this.#heard.get(sessionId) ?? '');
  }

  /** The sessions in which another process works. */
  get elsewhere(): readonly string[] {
    return [...this.#doneElsewhere].filter((id) => this.worksElsewhere(id));
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    const sessions = snapshot.flatMap((directory) => directory.sessions);
    const known = new Set(sessions.map(({ id }) => id));
    for (const id of this.#updated.keys()) if (!known.has(id)) this.#forget(id);
    this.#retries.reset(allLeft);
    this.#takeOver(sessions);
  }

  compare({ snapshot, told }: Look): void {
    const sessions = snapshot.flatMap((directory) => directory.sessions);
    const moved = sessions.filter(
      ({ id, time }) => !told.records.has(id) && this.#updated.get(id) !== time.updated,
    );
    if (moved.length > 0) {
      this.#noteElsewhere(moved.map(({ id }) => id));
      this.#takeOver(moved);
    } else if (this.#owed.size > 0) void this.catchUp();
  }

  #noteElsewhere(sessionIds: readonly string[]): void {
    for (const id of sessionIds) if (!this.#ports.turns.isRunning(id)) this.#doneElsewhere.add(id);
    for (const sessionId of sessionIds) this.#didChange.fire({ sessionId });
  }

  #takeOver(sessions: readonly Session[]): void {
    for (const { id, time } of sessions) {
      const isOutdated = this.#updated.get(id) !== time.updated && !this.#owed.has(id);
      this.#updated.set(id, time.updated);
      if (this.#ports.sessions.status(id).type !== 'idle') this.#ends.delete(id);
      else if (isOutdated) {
        this.#unset(id);
        this.#ranHere.delete(id);
        this.#changed.add(id);
      }
    }
    void this.catchUp();
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.#updated.set(event.properties.info.id, event.properties.info.time.updated);
        break;
      case 'session.deleted':
        this.#forget(event.properties.info.id);
        break;
      case 'session.status':
        this.#applyStatus(event.properties.sessionID, event.properties.status.type);
        break;
      case 'turn.ended':
        if (this.#owed.has(event.properties.sessionID)) void this.catchUp();
        break;
      case 'session.error':
        this.#applyError(event.properties.sessionID, event.properties.error);
        break;
      case 'message.updated':
        this.#hear(event.properties.info.sessionID, event.properties.info.id);
        break;
      case 'message.part.updated':
        this.#hear(event.properties.part.sessionID, event.properties.part.messageID);
        break;
      default:
        break;
    }
  }

  /**
   * Reads the ends that nobody saw: of all sessions that ran, of those that changed lately, and of `others`. What
   * cannot be read, e.g. because the server is gone again, is read again by itself.
   */
  catchUp(others: Iterable<string> = []): Promise<void> {
    for (const id of others) this.#expect(id);
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Somebody looks at the session: how it ended is to be known. */
  async look(sessionId: string): Promise<void> {
    if (this.#owed.has(sessionId)) return this.catchUp();
    this.#expect(sessionId);
    if (this.#changed.has(sessionId)) await this.#read(sessionId);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#retries.dispose();
    this.#didChange.dispose();
    this.#didEnd.dispose();
  }

  #take(end: RunEnd): void {
    const { sessionId, outcome } = end;
    if (outcome.kind === 'deleted') return this.#forget(sessionId);
    this.#ranHere.add(sessionId);
    this.#set(sessionId, outcome);
    if (outcome.kind === 'unseen') this.#owed.add(sessionId);
    else this.#didEnd.fire([end]);
  }

  #hear(sessionId: string, messageId: string): void {
    if (messageId > (this.#heard.get(sessionId) ?? '')) this.#heard.set(sessionId, messageId);
  }

  #applyStatus(sessionId: string, status: 'idle' | 'busy' | 'retry'): void {
    if (status !== 'idle') {
      this.#doneElsewhere.delete(sessionId);
      this.#owed.delete(sessionId);
      this.#changed.delete(sessionId);
      if (this.#ends.delete(sessionId)) this.#didChange.fire({ sessionId });
    } else if (this.#owed.has(sessionId)) void this.catchUp();
  }

  /** An error without a run, e.g. of a prompt for an agent that does not exist; that of a run is told at its end. */
  #applyError(sessionId: string | undefined, error: RunError | undefined): void {
    if (sessionId === undefined || error === undefined || isAbort(error)) return;
    if (!this.#ports.turns.isRunning(sessionId)) this.#set(sessionId, { kind: 'failed', error });
  }

  #expect(sessionId: string): void {
    if (!this.#ends.has(sessionId) && !this.#ports.turns.isRunning(sessionId)) this.#changed.add(sessionId);
  }

  async #readAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const owed = [...this.#owed];
      const read: RunEnd[] = [];
      for (const sessionId of owed) {
        const outcome = await this.#read(sessionId);
        if (outcome !== undefined) read.push({ sessionId, outcome });
      }
      if (read.length > 0) this.#didEnd.fire(read);
      for (const id of this.#takeRecent()) await this.#readLittle(id);
    }
    const left = [...this.#owed, ...this.#changed].filter((id) => !this.#ports.turns.isRunning(id));
    if (left.length > 0) this.#retries.later(allLeft);
    else this.#retries.reset(allLeft);
  }

  /** Takes those of the changed sessions that changed last; what is further down is read when somebody looks at it. */
  #takeRecent(): readonly string[] {
    const recent = [...this.#changed]
      .flatMap((id) => this.#ports.sessions.get(id) ?? [])
      .filter((session) => !isArchived(session))
      .toSorted((a, b) => b.time.updated - a.time.updated)
      .slice(0, recentLimit)
      .map(({ id }) => id);
    this.#changed.clear();
    for (const id of recent) this.#changed.add(id);
    return recent;
  }

  /** Of a session that most likely ended well: its newest message tells, unless it did not. */
  async #readLittle(sessionId: string): Promise<void> {
    await this.#read(
      sessionId,
      1,
      (outcome) => outcome?.kind === 'settled' && outcome.answer.finish === 'stop',
    );
    if (this.#changed.has(sessionId)) await this.#read(sessionId);
  }

  /** Reads the end also where one is known: what another process began since then is told by nothing. */
  async #readAnew(sessionId: string): Promise<void> {
    if (this.#owed.has(sessionId)) return this.catchUp();
    this.#changed.add(sessionId);
    await this.#readLittle(sessionId);
  }

  /** How the session ended, if that is known by its messages and by nothing else meanwhile. */
  async #read(
    sessionId: string,
    limit = endWindow,
    isEnough: (outcome: Outcome | undefined) => boolean = () => true,
  ): Promise<Outcome | undefined> {
    const { readMessages, sessions, turns, log } = this.#ports;
    const before = this.#ends.get(sessionId);
    try {
      const messages = await readMessages(sessionId, limit);
      // It ran again meanwhile: what was read is no longer its last end.
      if (turns.isRunning(sessionId) || this.#ends.get(sessionId) !== before) return undefined;
      const outcome = judgeMessages(messages, sessions.get(sessionId)?.revert);
      if (!isEnough(outcome)) return undefined;
      this.#owed.delete(sessionId);
      this.#changed.delete(sessionId);
      if (openMessage(outcome) === undefined) this.#doneElsewhere.delete(sessionId);
      if (outcome === undefined || isOfSource(outcome)) this.#unset(sessionId);
      else this.#set(sessionId, outcome);
      return outcome;
    } catch (error) {
      log.debug('How a session ended is not known.', sessionId, error);
      if (error instanceof NotFoundProblem) this.#forget(sessionId);
      else if (isRefused(error)) this.#giveUp(sessionId);
      return undefined;
    }
  }

  /** The server does not show its messages, e.g. of a prompt with a JSON schema: it is not asked for ever. */
  #giveUp(sessionId: string): void {
    this.#owed.delete(sessionId);
    this.#changed.delete(sessionId);
    if (this.#ports.turns.isRunning(sessionId) || this.#ends.has(sessionId)) return;
    this.#set(sessionId, { kind: 'unseen' });
  }

  #set(sessionId: string, outcome: Outcome): void {
    this.#ends.set(sessionId, outcome);
    this.#didChange.fire({ sessionId });
  }

  #unset(sessionId: string): void {
    if (this.#ends.delete(sessionId)) this.#didChange.fire({ sessionId });
  }

  #forget(sessionId: string): void {
    this.#ends.delete(sessionId);
    this.#updated.delete(sessionId);
    this.#heard.delete(sessionId);
    this.#doneElsewhere.delete(sessionId);
    this.#owed.delete(sessionId);
    this.#changed.delete(sessionId);
    this.#ranHere.delete(sessionId);
  }
}

/** The message at which a run stands that has no end. */
function openMessage(outcome: Outcome | undefined): string | undefined {
  if (outcome?.kind === 'interrupted') return outcome.answer.id;
  return outcome?.kind === 'unanswered' ? outcome.prompt.id : undefined;
}

/** What a fork has of a run of its source, it did not run itself. */
function isOfSource(outcome: Outcome): boolean {
  return outcome.kind === 'interrupted' && isCopied(outcome.answer);
}
