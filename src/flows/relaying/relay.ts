import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { Paced } from '../../core/paced.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Hold } from '../../core/state/hold.ts';
import type { TypingSessions } from '../../core/state/typing.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import {
  addLegs,
  cancelLegs,
  checkHops,
  collecting,
  editLeg,
  moveLeg,
  type RelayEdit,
  releaseLegs,
  stopAll,
  takeSilent,
} from '../../core/turns/relayQueue.ts';
import type { SessionLock } from '../../core/turns/sessionLock.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import { readRelays } from '../../core/turns/relayProof.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import { Interruptions } from './interruptions.ts';
import type { Attempts } from '../prompting/attempts.ts';
import type { PromptDoor } from '../prompting/promptDoor.ts';
import { Retries } from '../../core/retries.ts';
import { describeRetry, WaitReasons } from '../prompting/waitReasons.ts';
import {
  assertPending,
  findNewest,
  planLegs,
  type RelayRequest,
  type SeenOfLeg,
  withoutSent,
} from './relayLegs.ts';
import { RelaySender } from './relaySender.ts';
import { RelayRecord, type RelayRecordPorts } from './relayRecord.ts';

export interface RelayPorts extends Omit<RelayRecordPorts, 'makeRevision'> {
  readonly openCode: RelayRecordPorts['openCode'] &
    Pick<
      OpenCode,
      | 'abilities'
      | 'compactSession'
      | 'listAgents'
      | 'listProviders'
      | 'listMessages'
      | 'listStatuses'
      | 'listTodos'
    >;
  readonly sessions: Pick<Sessions, 'onDidChange' | 'get' | 'all'>;
  readonly turns: SettledTurns;
  readonly door: Pick<PromptDoor, 'send' | 'hasArrived'>;
  readonly attempts: Attempts;
  readonly lock: SessionLock;
  /** While it holds, what waits in the sessions waits on. */
  readonly hold: Hold;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Whether this window runs the relays of the sessions in that directory; others only record them. */
  readonly isOurs: (directory: string) => boolean;
  /** Names this window among those of the user. */
  readonly window: string;
  readonly ids: IdSource;
  /** Whether something else is to be sent to the session first; `look` when that is over. */
  readonly isPreceded?: (sessionId: string) => boolean;
  /** Where somebody types: what an agent wrote is not sent there meanwhile. */
  readonly typing: Pick<TypingSessions, 'remaining'>;
  /** The most legs of a chain. */
  readonly hopLimit: () => number;
  readonly log: Log;
}

/** What a person should know about relays, since it happens while nobody looks. */
export type RelayNotice = { readonly sessionId: string } & (
  | { readonly kind: 'sent'; readonly leg: RelayLeg }
  /** Taken out of the queue because somebody stopped the run; `legs` can be asked for again. */
  | { readonly kind: 'dropped'; readonly legs: readonly RelayLeg[] }
  | { readonly kind: 'held'; readonly legs: readonly RelayLeg[]; readonly reason: string }
  /** Somebody took them out of the queue. */
  | { readonly kind: 'cancelled'; readonly legs: readonly RelayLeg[] }
  /** It could not be sent several times over, and is tried again by itself. */
  | { readonly kind: 'delayed'; readonly leg: RelayLeg; readonly reason: string }
  /** It is its turn, but a person is in its way, who does not know of it. */
  | { readonly kind: 'waits'; readonly leg: RelayLeg; readonly reason: string }
  | SeenOfLeg
);

/**
 * Milliseconds between two looks at a session that changes: it does so many times a second while it works, here or in
 * another window, and each look asks the server.
 */
const lookPause = 200;
/** So many failures in a row are told. */
const toldFailures = 3;

/**
 * Passes the turn on: sends the pending relays of the sessions of this window, one at a time, each when the turn
 * before it has settled.
 *
 * No leg is sent twice: it is claimed on the server before it is sent, and its message and part ids were fixed
 * when it was asked for, so that even two windows that claim it at once write one message. What fails is tried
 * again by itself, and `why` says what a leg waits for.
 */
export class Relays implements Disposable {
  readonly #ports: RelayPorts;
  readonly #record: RelayRecord;
  readonly #retries: Retries;
  readonly #sender: RelaySender;
  readonly #didNotice = new Emitter<RelayNotice>();
  readonly #subscriptions: readonly Disposable[];
  /** Sessions that are being advanced; true: look again afterwards. */
  readonly #advancing = new Map<string, boolean>();
  readonly #interruptions: Interruptions;
  /** Why the first leg of a session waits although its turn has come. */
  readonly #reasons = new WaitReasons();
  readonly #looks: Paced<string>;
  #isDisposed = false;

  readonly onDidNotice = this.#didNotice.event;
  readonly onDidChangeWhy = this.#reasons.onDidChange;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
    this.#record = new RelayRecord({ ...ports, makeRevision: () => makeMessageId(ports.ids) });
    this.#interruptions = new Interruptions(ports);
    this.#retries = new Retries({ ...ports, retry: (sessionId) => this.look(sessionId) });
    this.#sender = new RelaySender({
      ports,
      record: this.#record,
      retries: this.#retries,
      reasons: this.#reasons,
      interruptions: this.#interruptions,
      tell: (notice) => this.#didNotice.fire(notice),
      again: (sessionId) => this.#advancing.set(sessionId, true),
      isOver: () => this.#isDisposed,
    });
    // What failed a moment ago is tried again in its own time: our own writes are changes, too.
    this.#looks = new Paced(ports.startTimer, lookPause, (sessionId) => {
      if (!this.#retries.isWaiting(sessionId)) this.look(sessionId);
    });
    this.#subscriptions = [
      ports.turns.onDidSettle(({ sessionId, outcome }) => this.#onSettled(sessionId, outcome)),
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#onChanged(sessionId);
      }),
      ports.onDidGoLive(() => this.#lookAtAll()),
      ports.hold.onDidChange(() => this.#lookAtAll()),
    ];
    this.#lookAtAll();
  }

  /** The pending relays as this window knows them, in the order in which they will be sent. */
  pending(sessionId: string): readonly RelayLeg[] {
    const session = this.#ports.sessions.get(sessionId);
    return session === undefined ? [] : (readRelays(this.#ports.proof, session)?.legs ?? []);
  }

  /** Why the first leg waits although its turn has come, as a sentence. */
  why(sessionId: string): string | undefined {
    return this.#reasons.of(sessionId);
  }

  /**
   * Asks for legs, to be sent one after the other. `after` is the number of hops that a chain already has.
   * Resolves when the server keeps them; the first one is sent when the session has settled. Where nobody knows whether
   * they are kept, it throws an `UncertainProblem`; the same legs asked for again are then the same.
   */
  async add(sessionId: string, requests: readonly RelayRequest[], after = 0): Promise<readonly RelayLeg[]> {
    const { hopLimit, turns, openCode, attempts } = this.#ports;
    return attempts.runLasting('relay', sessionId, [after, requests], async (attempt) => {
      const isKnown = turns.isRunning(sessionId) || this.pending(sessionId).length > 0;
      const legs = await planLegs(this.#ports, sessionId, requests, { attempt, hops: after, isKnown });
      checkHops(legs, hopLimit());
      // What an earlier attempt stored may have been sent meanwhile.
      const absent = attempt.isAgain ? await withoutSent(openCode, sessionId, legs) : legs;
      await this.#record.wish(sessionId, addLegs(absent), absent);
      this.look(sessionId);
      return legs;
    });
  }

  /** Throws `NotFoundProblem` if the leg is no longer pending. */
  async edit(
    sessionId: string,
    messageId: string,
    change: Partial<Pick<RelayLeg, 'agent' | 'model' | 'text'>>,
  ): Promise<void> {
    const legs = await this.#record.wish(sessionId, editLeg(messageId, change));
    assertPending(legs, messageId);
  }

  async move(sessionId: string, messageId: string, before: string | undefined): Promise<void> {
    const legs = await this.#record.wish(sessionId, moveLeg(messageId, before));
    assertPending(legs, messageId);
  }

  async cancel(sessionId: string, messageIds: readonly string[]): Promise<void> {
    await this.#takeAway(sessionId, cancelLegs(new Set(messageIds)));
  }

  /** Takes all legs of the session out; what runs goes on to its end. */
  async stopAll(sessionId: string): Promise<void> {
    await this.#takeAway(sessionId, stopAll());
  }

  /** Takes out what is only told and waits, for whoever tells it in another way. */
  async takeSilent(sessionId: string): Promise<readonly RelayLeg[]> {
    if (this.#ports.hold.isHeld()) return [];
    const { edit, taken } = collecting(takeSilent());
    await this.#record.takeToTell(sessionId, edit);
    return taken();
  }

  async #takeAway(sessionId: string, wished: RelayEdit): Promise<void> {
    const { edit, taken } = collecting(wished);
    await this.#record.wish(sessionId, edit);
    if (taken().length > 0) this.#didNotice.fire({ kind: 'cancelled', sessionId, legs: taken() });
  }

  /** Lets held legs go on, as far as they say what the person has seen of them. */
  async release(sessionId: string, seen = this.pending(sessionId)): Promise<void> {
    const newest = await findNewest(this.#ports.openCode, sessionId);
    this.#interruptions.forget(sessionId);
    await this.#record.wish(sessionId, releaseLegs(seen, newest?.id ?? ''));
    this.look(sessionId);
  }

  /** Lets what else this window keeps with a session be written between two writes of its relays. */
  writeInTurn<T>(sessionId: string, write: () => Promise<T>): Promise<T> {
    return this.#record.inTurn(sessionId, write);
  }

  /** Looks whether a relay of the session can go on. */
  look(sessionId: string): void {
    if (!this.#isDisposed && this.#concernsUs(sessionId)) this.#guard(sessionId);
  }

  dispose(): void {
    this.#isDisposed = true;
    const made = [
      this.#looks,
      this.#interruptions,
      this.#retries,
      this.#record,
      this.#didNotice,
      this.#reasons,
    ];
    for (const owned of [...this.#subscriptions, ...made]) owned.dispose();
  }

  #lookAtAll(): void {
    for (const { id } of this.#ports.sessions.all()) {
      this.#retries.reset(id);
      this.look(id);
    }
  }

  #onChanged(sessionId: string): void {
    const session = this.#ports.sessions.get(sessionId);
    if (session === undefined) return this.#forget(sessionId);
    this.#record
      .heed(session)
      .catch((error: unknown) => this.#ports.log.warn('Relays could not be kept.', sessionId, error));
    if (this.#concernsUs(sessionId)) this.#looks.plan(sessionId);
  }

  #forget(sessionId: string): void {
    this.#interruptions.forget(sessionId);
    this.#retries.reset(sessionId);
    this.#reasons.set(sessionId, undefined);
  }

  #onSettled(sessionId: string, outcome: Outcome): void {
    this.#interruptions.note(sessionId, outcome, this.pending(sessionId));
    this.look(sessionId);
    for (const { id } of this.#ports.sessions.all()) {
      if (this.pending(id).some(({ awaits }) => awaits?.session === sessionId)) this.look(id);
    }
  }

  #concernsUs(sessionId: string): boolean {
    const session = this.#ports.sessions.get(sessionId);
    return (
      session !== undefined && this.#ports.isOurs(session.directory) && this.pending(sessionId).length > 0
    );
  }

  /** Runs one thing at a time for each session; what comes meanwhile becomes one more look afterwards. */
  #guard(sessionId: string): void {
    if (this.#advancing.has(sessionId)) {
      this.#advancing.set(sessionId, true);
      return;
    }
    this.#advancing.set(sessionId, false);
    void this.#sender
      .advance(sessionId)
      .catch((error: unknown) => this.#retryLater(sessionId, error))
      .finally(() => {
        const again = this.#advancing.get(sessionId) === true;
        this.#advancing.delete(sessionId);
        if (again && !this.#retries.isWaiting(sessionId)) this.look(sessionId);
      });
  }

  #retryLater(sessionId: string, error: unknown): void {
    if (this.#isDisposed) return;
    this.#ports.log.warn('Relays of a session could not go on.', sessionId, error);
    const failures = this.#retries.later(sessionId);
    const reason = describeRetry(error);
    this.#reasons.set(sessionId, reason);
    const [leg] = this.pending(sessionId);
    if (failures === toldFailures && leg !== undefined) {
      this.#didNotice.fire({ kind: 'delayed', sessionId, leg, reason });
    }
  }
}
