import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { Paced } from '../../core/paced.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Delivery } from '../../core/prompts/delivery.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import {
  addLegs,
  cancelLegs,
  checkHops,
  claimLeg,
  editLeg,
  holdAll,
  holdLeg,
  isSending,
  moveLeg,
  nextLeg,
  releaseLegs,
  removeLeg,
  stopAll,
  unclaimLeg,
} from '../../core/turns/relayQueue.ts';
import type { Held, SessionLock } from '../../core/turns/sessionLock.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import { readRelays } from '../../core/turns/relayProof.ts';
import { describeBarrier } from '../../core/turns/outcomeText.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import { relayedMetadata } from '../../protocol/relayed.ts';
import type { Session } from '../../protocol/records.ts';
import { ForeignClaims } from './foreignClaims.ts';
import { beginLimit, type Interruption, Interruptions } from './interruptions.ts';
import { type Attempts, mayHaveActed } from '../prompting/attempts.ts';
import { textPrompt } from '../prompting/outgoing.ts';
import type { PromptDoor } from '../prompting/promptDoor.ts';
import { Retries } from '../../core/retries.ts';
import { describeRetry, WaitReasons } from '../prompting/waitReasons.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import {
  assertPending,
  assertTarget,
  buildLegs,
  findNewest,
  mayWork,
  type RelayRequest,
  type SeenOfLeg,
  watchLeg,
  withoutSent,
} from './relayLegs.ts';
import { RelayRecord, type RelayRecordPorts } from './relayRecord.ts';

export interface RelayPorts extends Omit<RelayRecordPorts, 'makeRevision'> {
  readonly openCode: RelayRecordPorts['openCode'] &
    Pick<OpenCode, 'listAgents' | 'listProviders' | 'listMessages' | 'listStatuses'>;
  readonly sessions: Pick<Sessions, 'onDidChange' | 'get' | 'all'>;
  readonly turns: SettledTurns;
  readonly door: Pick<PromptDoor, 'send' | 'hasArrived'>;
  readonly attempts: Attempts;
  readonly lock: SessionLock;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Whether this window runs the relays of the sessions in that directory; others only record them. */
  readonly isOurs: (directory: string) => boolean;
  /** Names this window among those of the user. */
  readonly window: string;
  readonly ids: IdSource;
  /** Whether something else is to be sent to the session first; `look` when that is over. */
  readonly isPreceded?: (sessionId: string) => boolean;
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
  /** It could not be sent several times over, and is tried again by itself. */
  | { readonly kind: 'delayed'; readonly leg: RelayLeg; readonly reason: string }
  | SeenOfLeg
);

/** How long a claim of another window is believed before its message is looked for, in milliseconds. */
const claimLimit = 15_000;
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
  readonly #didNotice = new Emitter<RelayNotice>();
  readonly #subscriptions: readonly Disposable[];
  /** Sessions that are being advanced; true: look again afterwards. */
  readonly #advancing = new Map<string, boolean>();
  readonly #interruptions: Interruptions;
  /** Why the first leg of a session waits although its turn has come. */
  readonly #reasons = new WaitReasons();
  readonly #foreignClaims = new ForeignClaims();
  readonly #looks: Paced<string>;
  #isDisposed = false;

  readonly onDidNotice = this.#didNotice.event;
  readonly onDidChangeWhy = this.#reasons.onDidChange;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
    this.#record = new RelayRecord({ ...ports, makeRevision: () => makeMessageId(ports.ids) });
    this.#interruptions = new Interruptions(ports);
    this.#retries = new Retries({ ...ports, retry: (sessionId) => this.look(sessionId) });
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
    const { ids, hopLimit, turns, openCode, attempts } = this.#ports;
    return attempts.runLasting('relay', sessionId, [after, requests], async (attempt) => {
      const newest = await findNewest(openCode, sessionId);
      const isKnown = turns.isRunning(sessionId) || this.pending(sessionId).length > 0;
      const isBehind = isKnown || (await mayWork(this.#ports, sessionId, newest));
      const moment = { hops: after, after: newest?.id ?? '', isBehind, time: ids.now() };
      const legs = buildLegs(requests, attempt, moment);
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
    await this.#record.wish(sessionId, cancelLegs(new Set(messageIds)));
  }

  /** Takes all legs of the session out; what runs goes on to its end. */
  async stopAll(sessionId: string): Promise<void> {
    await this.#record.wish(sessionId, stopAll());
  }

  /** Lets held legs go on, as far as they say what the person has seen of them. */
  async release(sessionId: string, seen = this.pending(sessionId)): Promise<void> {
    const newest = await findNewest(this.#ports.openCode, sessionId);
    this.#interruptions.forget(sessionId);
    await this.#record.wish(sessionId, releaseLegs(seen, newest?.id ?? ''));
    this.look(sessionId);
  }

  /** Looks whether a relay of the session can go on. */
  look(sessionId: string): void {
    if (!this.#isDisposed && this.#concernsUs(sessionId)) this.#guard(sessionId);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#looks.dispose();
    this.#interruptions.dispose();
    this.#retries.dispose();
    this.#record.dispose();
    this.#didNotice.dispose();
    this.#reasons.dispose();
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
    void this.#advance(sessionId)
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

  async #advance(sessionId: string): Promise<void> {
    const { turns, lock } = this.#ports;
    // A run tells of itself many times a second; its end is looked at.
    if (turns.isRunning(sessionId)) return this.#reasons.set(sessionId, undefined);
    const { session, legs } = await this.#record.read(sessionId);
    const [first] = legs;
    if (first === undefined || turns.isRunning(sessionId)) return this.#reasons.set(sessionId, undefined);
    if (isSending(first)) return this.#reconcile(session, first);
    if (nextLeg(legs) === undefined || this.#ports.isPreceded?.(sessionId) === true) return;
    const holder = lock.holder(sessionId);
    if (holder !== undefined) this.#reasons.set(sessionId, holder.reason);
    await lock.hold(sessionId, l10n.t('A relay is being sent.'), (held) =>
      this.#sendNext(session, legs, held),
    );
  }

  async #sendNext(session: Session, legs: readonly RelayLeg[], held: Held): Promise<void> {
    const { openCode, turns } = this.#ports;
    const sessionId = session.id;
    const [first] = legs;
    if (first === undefined || turns.isRunning(sessionId)) return;
    const isAtWork = await isBusy(openCode, session);
    const interruption = isAtWork ? 'working' : await this.#interruptions.find(session, first);
    if (interruption === 'working') {
      // It works, of which nothing was heard: nor may its end be.
      this.#reasons.set(sessionId, l10n.t('The session works.'));
      this.#retries.again(sessionId, beginLimit);
      return;
    }
    this.#reasons.set(sessionId, undefined);
    if (interruption?.concerns(first) === true) return this.#interrupt(sessionId, legs, interruption);
    const claimed = await this.#claim(sessionId, first);
    if (claimed !== undefined) await this.#send(session, claimed, held);
  }

  /** Whoever stopped the run wants nothing to follow; after a failure, or where nobody saw who stopped, a person decides. */
  async #interrupt(
    sessionId: string,
    legs: readonly RelayLeg[],
    { outcome, concerns, isSeen }: Interruption,
  ): Promise<void> {
    const concerned = legs.filter((leg) => leg.state.kind === 'waiting' && concerns(leg));
    if (outcome.kind === 'aborted' && isSeen) {
      await this.#record.change(sessionId, cancelLegs(new Set(concerned.map(({ messageId }) => messageId))));
      this.#didNotice.fire({ kind: 'dropped', sessionId, legs: concerned });
    } else await this.#hold(sessionId, concerned, describeBarrier(outcome));
  }

  async #hold(sessionId: string, legs: readonly RelayLeg[], reason: string): Promise<void> {
    await this.#record.change(sessionId, holdAll(reason));
    this.#didNotice.fire({ kind: 'held', sessionId, legs, reason });
  }

  /** The leg as it stands on the server, which is what is sent; undefined if it is another window's or gone. */
  async #claim(sessionId: string, leg: RelayLeg): Promise<RelayLeg | undefined> {
    const { window, ids } = this.#ports;
    const legs = await this.#record.change(sessionId, claimLeg(leg.messageId, window, ids.now()));
    const claimed = legs.find(({ messageId }) => messageId === leg.messageId);
    return claimed?.state.kind === 'sending' && claimed.state.window === window ? claimed : undefined;
  }

  async #send(session: Session, leg: RelayLeg, held: Held): Promise<void> {
    const { openCode, door, log } = this.#ports;
    let delivery: Delivery;
    try {
      await assertTarget(openCode, session, leg);
      const prompt = textPrompt(leg.messageId, leg, relayedMetadata(session));
      delivery = await door.send(session, prompt, 'relay', held);
    } catch (error) {
      // Whether it arrived is not known: the claim stays, and its message is looked for.
      const isOpen = mayHaveActed(error) || error instanceof UnavailableProblem;
      if (isOpen || !(error instanceof Problem)) throw error;
      await this.#record.change(session.id, holdLeg(leg.messageId, error.message));
      this.#didNotice.fire({ kind: 'held', sessionId: session.id, legs: [leg], reason: error.message });
      return;
    }
    await this.#takeOut(session.id, leg);
    void watchLeg(log, leg, delivery, (seen) => this.#didNotice.fire({ sessionId: session.id, ...seen }));
    // A prompt that has just arrived runs before the server says so.
    await delivery.answering;
  }

  /** The server is known to hold the leg's message. */
  async #takeOut(sessionId: string, leg: RelayLeg): Promise<void> {
    let wasPending = false;
    await this.#record.change(sessionId, (legs) => {
      wasPending ||= legs.some(({ messageId }) => messageId === leg.messageId);
      return removeLeg(leg.messageId)(legs);
    });
    this.#retries.reset(sessionId);
    this.#reasons.set(sessionId, undefined);
    if (wasPending) this.#didNotice.fire({ kind: 'sent', sessionId, leg });
  }

  /** A leg that somebody claimed: by its message we know whether it was sent. */
  async #reconcile(session: Session, leg: RelayLeg): Promise<void> {
    const { door, window } = this.#ports;
    if (leg.state.kind !== 'sending') return;
    const isOwn = leg.state.window === window;
    if (await door.hasArrived(session.id, leg.messageId)) await this.#takeOut(session.id, leg);
    else if (isOwn || this.#foreignClaims.isRunOut(leg.messageId, leg.state)) {
      await this.#record.change(session.id, unclaimLeg(leg.messageId));
    } else {
      this.#reasons.set(session.id, l10n.t('Another window is about to send it.'));
      this.#retries.again(session.id, claimLimit);
      return;
    }
    this.#advancing.set(session.id, true);
  }
}
