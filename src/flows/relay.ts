import { NotFoundProblem, Problem, UnavailableProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import type { PromptEnding } from '../core/turns/followedPrompt.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/openCode.ts';
import { findPromptTarget } from '../core/turns/promptTarget.ts';
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
  releaseAll,
  removeLeg,
  stopAll,
  unclaimLeg,
} from '../core/turns/relayQueue.ts';
import { readRelays } from '../core/turns/relayProof.ts';
import type { Proof } from '../core/proof.ts';
import type { SessionLock } from '../core/turns/sessionLock.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { judgeMessages } from '../core/turns/judgeMessages.ts';
import type { Outcome } from '../core/turns/outcome.ts';
import { describeBarrier } from '../core/turns/outcomeText.ts';
import type { RelayLeg } from '../protocol/pending.ts';
import type { ModelReference, Session } from '../protocol/records.ts';
import {
  type Delivery,
  type DeliveryPorts,
  deliverPrompt,
  findMessage,
  isBusy,
} from './prompting/promptDelivery.ts';
import { RelayRecord } from './relayRecord.ts';

export interface RelayPorts extends DeliveryPorts {
  readonly openCode: DeliveryPorts['openCode'] &
    Pick<OpenCode, 'getSession' | 'updateSession' | 'listAgents' | 'listProviders'>;
  readonly sessions: Pick<Sessions, 'onDidChange' | 'get' | 'all'>;
  /** Whether this window runs the relays of the sessions in that directory; others only record them. */
  readonly isOurs: (directory: string) => boolean;
  /** Names this window among those of the user. */
  readonly window: string;
  readonly ids: IdSource;
  /** Whether something else is to be sent to the session first; `look` when that is over. */
  readonly isPreceded?: (sessionId: string) => boolean;
  readonly lock: SessionLock;
  readonly proof: Proof;
  /** The most legs of a chain. */
  readonly hopLimit: () => number;
  readonly log: Log;
}

/** What somebody asks for: a prompt for an agent. */
export interface RelayRequest {
  readonly agent: string;
  readonly model: ModelReference;
  readonly text: string;
}

/** What a person should know about relays, since it happens while nobody looks. */
export type RelayNotice = { readonly sessionId: string } & (
  | { readonly kind: 'sent'; readonly leg: RelayLeg }
  /** Taken out of the queue because somebody stopped the run; `legs` can be asked for again. */
  | { readonly kind: 'dropped'; readonly legs: readonly RelayLeg[] }
  | { readonly kind: 'held'; readonly legs: readonly RelayLeg[]; readonly reason: string }
  /** Another agent than the one that was named answers. */
  | { readonly kind: 'wrongAgent'; readonly leg: RelayLeg; readonly agent: string }
  /** The run went on with a prompt that somebody else sent at the same moment. */
  | { readonly kind: 'superseded'; readonly leg: RelayLeg }
);

interface Interruption {
  readonly outcome: Exclude<Outcome, { kind: 'settled' }>;
  /** When it came, in milliseconds since 1970; undefined: nobody knows, since the run was cut off. */
  readonly time: number | undefined;
}

/** How long a claim of another window is believed before its message is looked for. */
const claimLimit = 15_000;

/**
 * Passes the turn on: sends the pending relays of the sessions of this window, one at a time, each when the turn
 * before it has settled.
 *
 * No leg is sent twice: it is claimed on the server before it is sent, and its message and part ids were fixed
 * when it was asked for, so that even two windows that claim it at once write one message (1.18).
 */
export class Relays implements Disposable {
  readonly #ports: RelayPorts;
  readonly #record: RelayRecord;
  readonly #didNotice = new Emitter<RelayNotice>();
  readonly #subscriptions: readonly Disposable[];
  /** Sessions that are being advanced; true: look again afterwards. */
  readonly #advancing = new Map<string, boolean>();
  /** Runs that ended badly; legs that were asked for later are not concerned. */
  readonly #interruptions = new Map<string, Interruption>();
  #isDisposed = false;

  readonly onDidNotice = this.#didNotice.event;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
    this.#record = new RelayRecord({ ...ports, makeRevision: () => makeMessageId(ports.ids) });
    this.#subscriptions = [
      ports.turns.onDidSettle(({ sessionId, outcome }) => this.#onSettled(sessionId, outcome)),
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#advanceSoon(sessionId);
      }),
    ];
    for (const { id } of ports.sessions.all()) this.#advanceSoon(id);
  }

  /** The pending relays as this window knows them, in the order in which they will be sent. */
  pending(sessionId: string): readonly RelayLeg[] {
    const session = this.#ports.sessions.get(sessionId);
    return session === undefined ? [] : (readRelays(this.#ports.proof, session)?.legs ?? []);
  }

  /**
   * Asks for legs, to be sent one after the other. `after` is the number of hops that a chain already has.
   * Resolves when the server keeps them; the first one is sent when the session has settled.
   */
  async add(sessionId: string, requests: readonly RelayRequest[], after = 0): Promise<readonly RelayLeg[]> {
    const { ids, hopLimit, turns } = this.#ports;
    const chain = makeMessageId(ids);
    const isBehind = turns.isRunning(sessionId) || this.pending(sessionId).length > 0;
    const legs = requests.map((request, index): RelayLeg => ({
      ...request,
      messageId: makeMessageId(ids),
      chain,
      hop: after + index + 1,
      time: ids.now(),
      behind: isBehind || index > 0,
      state: { kind: 'waiting' },
    }));
    checkHops(legs, hopLimit());
    await this.#record.change(sessionId, addLegs(legs));
    this.#advanceSoon(sessionId);
    return legs;
  }

  /** Throws `NotFoundProblem` if the leg is no longer pending. */
  async edit(
    sessionId: string,
    messageId: string,
    change: Partial<Pick<RelayLeg, 'agent' | 'model' | 'text'>>,
  ): Promise<void> {
    const legs = await this.#record.change(sessionId, editLeg(messageId, change));
    assertPending(legs, messageId);
  }

  async move(sessionId: string, messageId: string, before: string | undefined): Promise<void> {
    const legs = await this.#record.change(sessionId, moveLeg(messageId, before));
    assertPending(legs, messageId);
  }

  async cancel(sessionId: string, messageIds: readonly string[]): Promise<void> {
    await this.#record.change(sessionId, cancelLegs(new Set(messageIds)));
  }

  /** Takes all legs of the session out; what runs goes on to its end. */
  async stopAll(sessionId: string): Promise<void> {
    await this.#record.change(sessionId, stopAll());
  }

  /** Lets held legs go on. */
  async release(sessionId: string): Promise<void> {
    await this.#record.change(sessionId, releaseAll(this.#ports.ids.now()));
    this.#advanceSoon(sessionId);
  }

  /** Looks whether a relay of the session can go on. */
  look(sessionId: string): void {
    this.#advanceSoon(sessionId);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didNotice.dispose();
  }

  #onSettled(sessionId: string, outcome: Outcome): void {
    if (outcome.kind === 'deleted' || outcome.kind === 'settled') this.#interruptions.delete(sessionId);
    else if (outcome.kind !== 'unseen') {
      this.#interruptions.set(sessionId, { outcome, time: this.#ports.ids.now() });
    }
    this.#advanceSoon(sessionId);
  }

  #concernsUs(sessionId: string): boolean {
    const session = this.#ports.sessions.get(sessionId);
    return (
      session !== undefined && this.#ports.isOurs(session.directory) && this.pending(sessionId).length > 0
    );
  }

  #advanceSoon(sessionId: string): void {
    if (!this.#isDisposed && this.#concernsUs(sessionId)) this.#guard(sessionId);
  }

  /** Runs one thing at a time for each session; what comes meanwhile becomes one more look afterwards. */
  #guard(sessionId: string): void {
    if (this.#advancing.has(sessionId)) {
      this.#advancing.set(sessionId, true);
      return;
    }
    this.#advancing.set(sessionId, false);
    void this.#advance(sessionId)
      .catch((error: unknown) =>
        this.#ports.log.warn('Relays of a session could not go on.', sessionId, error),
      )
      .finally(() => {
        const again = this.#advancing.get(sessionId) === true;
        this.#advancing.delete(sessionId);
        if (again) this.#advanceSoon(sessionId);
      });
  }

  async #advance(sessionId: string): Promise<void> {
    const { turns } = this.#ports;
    const { session, legs } = await this.#record.read(sessionId);
    const [first] = legs;
    if (first === undefined || turns.isRunning(sessionId)) return;
    if (isSending(first)) return this.#reconcile(session, first);
    if (nextLeg(legs) === undefined || this.#ports.isPreceded?.(sessionId) === true) return;
    await this.#ports.lock.hold(sessionId, () => this.#sendNext(session, legs));
  }

  async #sendNext(session: Session, legs: readonly RelayLeg[]): Promise<void> {
    const { openCode, turns } = this.#ports;
    const sessionId = session.id;
    const [first] = legs;
    if (first === undefined || turns.isRunning(sessionId) || (await isBusy(openCode, session))) return;
    const interruption = this.#interruptions.get(sessionId) ?? (await this.#readInterruption(session));
    if (interruption !== undefined && isConcerned(first, interruption)) {
      return this.#interrupt(sessionId, legs, interruption);
    }
    const claimed = await this.#claim(sessionId, first);
    if (claimed !== undefined) await this.#send(session, claimed);
  }

  /** How the last run ended badly, if this window did not see it, e.g. because it was reloaded meanwhile. */
  async #readInterruption({ id, revert }: Session): Promise<Interruption | undefined> {
    const { openCode, turns } = this.#ports;
    const { kind } = turns.state(id);
    if (kind !== 'idle' && kind !== 'unseen') return undefined;
    const { messages } = await openCode.listMessages(id, { limit: 5 });
    const last = messages.findLast(({ info }) => info.role === 'assistant')?.info;
    const outcome = judgeMessages(messages, revert);
    if (outcome === undefined || outcome.kind === 'settled') return undefined;
    const answered = outcome.kind === 'unanswered' ? undefined : last;
    return { outcome, time: answered?.role === 'assistant' ? answered.time.completed : undefined };
  }

  /** Whoever stopped the run wants nothing to follow; after a failure a person decides. */
  async #interrupt(sessionId: string, legs: readonly RelayLeg[], interruption: Interruption): Promise<void> {
    const { outcome } = interruption;
    const concerned = legs.filter((leg) => leg.state.kind === 'waiting' && isConcerned(leg, interruption));
    if (outcome.kind === 'aborted') {
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

  async #send(session: Session, leg: RelayLeg): Promise<void> {
    try {
      await this.#assertTarget(session, leg);
      const delivery = await deliverPrompt(this.#ports, session, toPrompt(leg));
      await this.#record.change(session.id, removeLeg(leg.messageId));
      this.#didNotice.fire({ kind: 'sent', sessionId: session.id, leg });
      void this.#readBack(session.id, leg, delivery);
      // A prompt that has just arrived runs before the server says so.
      await delivery.answering;
    } catch (error) {
      // Whether it arrived is not known: the claim stays, and its message is looked for when the server is back.
      if (error instanceof UnavailableProblem || !(error instanceof Problem)) throw error;
      await this.#record.change(session.id, holdLeg(leg.messageId, error.message));
      this.#didNotice.fire({ kind: 'held', sessionId: session.id, legs: [leg], reason: error.message });
    }
  }

  /** Agent and model may have gone since the leg was asked for; the server would answer nothing. */
  async #assertTarget(session: Session, { agent, model }: RelayLeg): Promise<void> {
    const { openCode } = this.#ports;
    const [agents, providers] = await Promise.all([
      openCode.listAgents(session.directory),
      openCode.listProviders(session.directory),
    ]);
    findPromptTarget(
      { agent, model },
      { session, agents, providers, latestPrompt: undefined, recentModel: undefined },
    );
  }

  /** A leg that somebody claimed: by its message we know whether it was sent. */
  async #reconcile(session: Session, leg: RelayLeg): Promise<void> {
    const { openCode, window, ids, wait } = this.#ports;
    if (leg.state.kind !== 'sending') return;
    const message = await findMessage(openCode, session.id, leg.messageId);
    if (message !== undefined) await this.#record.change(session.id, removeLeg(leg.messageId));
    else if (leg.state.window === window || ids.now() - leg.state.time > claimLimit) {
      await this.#record.change(session.id, unclaimLeg(leg.messageId));
    } else {
      // Another window is about to send it; if that one is gone, the claim runs out.
      await wait(claimLimit);
    }
    this.#advancing.set(session.id, true);
  }

  async #readBack(sessionId: string, leg: RelayLeg, { answering, ended }: Delivery): Promise<void> {
    const answer = await answering;
    if (answer !== undefined && answer.agent !== leg.agent) {
      this.#didNotice.fire({ kind: 'wrongAgent', sessionId, leg, agent: answer.agent });
    }
    const ending = await ended.catch((error: unknown): PromptEnding => {
      this.#ports.log.warn('A relay was lost from sight.', sessionId, error);
      return { kind: 'unseen' };
    });
    if (ending.kind === 'superseded') this.#didNotice.fire({ kind: 'superseded', sessionId, leg });
  }
}

/** Whether the leg was asked for before the run ended so; what was asked for later wants to be sent. */
function isConcerned(leg: RelayLeg, { time }: Interruption): boolean {
  return time === undefined ? leg.behind : leg.time <= time;
}

function toPrompt({ messageId, agent, model, text }: RelayLeg) {
  const id = messageId.replace(/^msg_/, 'prt_');
  return { messageId, agent, model, parts: [{ type: 'text' as const, id, text }] };
}

function assertPending(legs: readonly RelayLeg[], messageId: string): void {
  const leg = legs.find((candidate) => candidate.messageId === messageId);
  if (leg !== undefined && !isSending(leg)) return;
  throw new NotFoundProblem(
    l10n.t('This relay is no longer pending: it was sent or cancelled. The session shows which.'),
  );
}
