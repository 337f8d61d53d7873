import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Delivery } from '../../core/prompts/delivery.ts';
import type { Retries } from '../../core/retries.ts';
import { describeHold, HeldProblem } from '../../core/state/hold.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import { describeBarrier } from '../../core/turns/outcomeText.ts';
import {
  cancelLegs,
  claimLeg,
  holdAll,
  holdLeg,
  isSending,
  removeLeg,
  unclaimLeg,
} from '../../core/turns/relayQueue.ts';
import type { Held } from '../../core/turns/sessionLock.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import { compactBefore } from './compactBefore.ts';
import { ForeignClaims } from './foreignClaims.ts';
import { beginLimit, type Interruption, type Interruptions } from './interruptions.ts';
import { mayHaveActed } from '../prompting/attempts.ts';
import type { WaitReasons } from '../prompting/waitReasons.ts';
import type { RelayNotice, RelayPorts } from './relay.ts';
import { assertTarget, causeOf, findNext, type NextLeg, outgoingOf, watchLeg } from './relayLegs.ts';
import type { RelayRecord } from './relayRecord.ts';

export interface RelaySenderInput {
  readonly ports: RelayPorts;
  readonly record: RelayRecord;
  readonly retries: Retries;
  readonly reasons: WaitReasons;
  readonly interruptions: Interruptions;
  readonly tell: (notice: RelayNotice) => void;
  /** Another step can follow at once. */
  readonly again: (sessionId: string) => void;
  /** Nothing is to be done any more: whoever comes next looks how it stands. */
  readonly isOver: () => boolean;
}

/** How long a claim of another window is believed before its message is looked for, in milliseconds. */
const claimLimit = 15_000;
/** Milliseconds between two looks at what a leg awaits: in another folder, nothing may be heard of it. */
const awaitPause = 5_000;

/** Sends the leg of a session whose turn it is, or finds out what became of one that was about to be sent. */
export class RelaySender {
  readonly #ports: RelayPorts;
  readonly #record: RelayRecord;
  readonly #retries: Retries;
  readonly #reasons: WaitReasons;
  readonly #interruptions: Interruptions;
  readonly #tell: RelaySenderInput['tell'];
  readonly #again: RelaySenderInput['again'];
  readonly #isOver: RelaySenderInput['isOver'];
  readonly #foreignClaims = new ForeignClaims();
  /** The legs of which it was told that somebody is in their way. */
  readonly #waiting = new Set<string>();

  constructor({ ports, record, retries, reasons, interruptions, tell, again, isOver }: RelaySenderInput) {
    this.#ports = ports;
    this.#record = record;
    this.#retries = retries;
    this.#reasons = reasons;
    this.#interruptions = interruptions;
    this.#tell = tell;
    this.#again = again;
    this.#isOver = isOver;
  }

  async advance(sessionId: string): Promise<void> {
    const { openCode, turns, lock } = this.#ports;
    // A run tells of itself many times a second; its end is looked at.
    if (turns.isRunning(sessionId)) return this.#reasons.set(sessionId, undefined);
    const { session, legs } = await this.#record.read(sessionId);
    if (legs.length === 0 || turns.isRunning(sessionId)) return this.#reasons.set(sessionId, undefined);
    const claimed = legs.find(isSending);
    if (claimed !== undefined) return this.#reconcile(session, claimed);
    const next = await findNext(openCode, legs);
    if (legs.some(({ awaits }) => awaits !== undefined)) this.#retries.again(sessionId, awaitPause);
    if (next === undefined || this.#ports.isPreceded?.(sessionId) === true) return;
    if (this.#isInTheWay(sessionId, next.leg)) return;
    const holder = lock.holder(sessionId);
    if (holder !== undefined) this.#reasons.set(sessionId, holder.reason);
    await lock.hold(sessionId, l10n.t('A relay is being sent.'), (held) =>
      this.#sendNext(session, legs, next, held),
    );
  }

  /** Whether somebody types there, in whose middle a prompt of an agent would begin a turn. */
  #isInTheWay(sessionId: string, leg: RelayLeg): boolean {
    const remaining = this.#ports.typing.remaining(sessionId);
    const isOfPerson = leg.from === undefined && leg.automation === undefined;
    if (remaining === 0 || isOfPerson || leg.silent === true) return false;
    this.#reasons.set(sessionId, l10n.t('It is sent once you have stopped typing.'));
    if (!this.#waiting.has(leg.messageId)) {
      this.#waiting.add(leg.messageId);
      this.#tell({ kind: 'waits', sessionId, leg, reason: 'the user is typing there.' });
    }
    this.#retries.again(sessionId, remaining);
    return true;
  }

  async #sendNext(session: Session, legs: readonly RelayLeg[], next: NextLeg, held: Held): Promise<void> {
    const { openCode, turns } = this.#ports;
    const sessionId = session.id;
    if (turns.isRunning(sessionId)) return;
    const isAtWork = await isBusy(openCode, session);
    const interruption = isAtWork ? 'working' : await this.#interruptions.find(session, next.leg);
    // It ended with the server that ended the run, of which it knows nothing.
    if (this.#isOver()) return;
    if (interruption === 'working') {
      // It works, of which nothing was heard: nor may its end be.
      this.#reasons.set(sessionId, l10n.t('The session works.'));
      this.#retries.again(sessionId, beginLimit);
      return;
    }
    this.#reasons.set(sessionId, undefined);
    // What is only told begins nothing that somebody wanted to stop.
    const isBarred = next.leg.silent !== true && interruption?.concerns(next.leg) === true;
    if (isBarred) return this.#interrupt(sessionId, legs, interruption);
    // What a stop or a failure says of it holds also while Stop All does.
    if (this.#ports.hold.isHeld()) return this.#reasons.set(sessionId, describeHold());
    const claimed = await this.#claim(sessionId, next.leg);
    if (claimed !== undefined) await this.#send(session, { ...next, leg: claimed }, held);
  }

  /** Whoever stopped the run wants nothing to follow; after a failure, or where nobody saw who stopped, a person decides. */
  async #interrupt(
    sessionId: string,
    legs: readonly RelayLeg[],
    { outcome, concerns, isSeen }: Interruption,
  ): Promise<void> {
    const concerned = legs.filter(
      (leg) => leg.state.kind === 'waiting' && leg.silent !== true && concerns(leg),
    );
    if (outcome.kind === 'aborted' && isSeen) {
      await this.#record.change(sessionId, cancelLegs(new Set(concerned.map(({ messageId }) => messageId))));
      this.#tell({ kind: 'dropped', sessionId, legs: concerned });
    } else await this.#hold(sessionId, concerned, describeBarrier(outcome));
  }

  async #hold(sessionId: string, legs: readonly RelayLeg[], reason: string): Promise<void> {
    await this.#record.change(sessionId, holdAll(reason));
    this.#tell({ kind: 'held', sessionId, legs, reason });
  }

  /** The leg as it stands on the server, which is what is sent; undefined if it is another window's or gone. */
  async #claim(sessionId: string, leg: RelayLeg): Promise<RelayLeg | undefined> {
    const { window, ids } = this.#ports;
    const legs = await this.#record.change(sessionId, claimLeg(leg.messageId, window, ids.now()));
    const claimed = legs.find(({ messageId }) => messageId === leg.messageId);
    return claimed?.state.kind === 'sending' && claimed.state.window === window ? claimed : undefined;
  }

  async #send(session: Session, { leg, result }: NextLeg, held: Held): Promise<void> {
    const { openCode, door, log } = this.#ports;
    let delivery: Delivery;
    try {
      await assertTarget(openCode, session, leg);
      if (leg.compacts === true) await compactBefore(openCode, session, leg);
      const outgoing = outgoingOf(session, leg, result);
      delivery = await door.send(session, outgoing, causeOf(session, leg), held);
    } catch (error) {
      if (error instanceof HeldProblem) {
        await this.#record.change(session.id, unclaimLeg(leg.messageId));
        this.#reasons.set(session.id, error.message);
        return;
      }
      // Whether it arrived is not known: the claim stays, and its message is looked for.
      const isOpen = mayHaveActed(error) || error instanceof UnavailableProblem;
      if (isOpen || !(error instanceof Problem)) throw error;
      await this.#record.change(session.id, holdLeg(leg.messageId, error.message));
      this.#tell({ kind: 'held', sessionId: session.id, legs: [leg], reason: error.message });
      return;
    }
    await this.#takeOut(session.id, leg);
    if (leg.silent === true) return;
    void watchLeg(log, leg, delivery, (seen) => this.#tell({ sessionId: session.id, ...seen }));
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
    this.#waiting.delete(leg.messageId);
    if (wasPending) this.#tell({ kind: 'sent', sessionId, leg });
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
    this.#again(session.id);
  }
}
