import {
  Problem,
  UnavailableProblem,
  UncertainProblem,
  UndeliveredProblem,
  sentenceOf,
} from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import {
  type Causation,
  type Delivery,
  type DeliveryEntry,
  type DeliveryState,
  hasArrived,
  isOpen,
  isSentByItself,
  mayComeLate,
  type PromptCause,
  withoutWord,
} from '../../core/prompts/delivery.ts';
import { Retries } from '../../core/retries.ts';
import { type Hold, HeldProblem } from '../../core/state/hold.ts';
import type { FollowedPrompt } from '../../core/turns/followedPrompt.ts';
import type { Held, SessionLock } from '../../core/turns/sessionLock.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { Session } from '../../protocol/records.ts';
import { arrivalGrace, ArrivalLooks } from './arrivalLooks.ts';
import { type FollowPorts, PromptFollower } from './followPrompt.ts';
import { messageIdOf, type Outgoing, wordsOf } from './outgoing.ts';
import { describeRefusal, refusesPrompt } from './refusal.ts';
import { requestFor, type SendingPort } from './sending.ts';

export interface PromptDoorPorts extends FollowPorts {
  readonly openCode: FollowPorts['openCode'] & SendingPort & Pick<OpenCode, 'getMessage'>;
  readonly lock: SessionLock;
  /** While it holds, nothing is sent by itself. */
  readonly hold: Pick<Hold, 'isHeld'>;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tells of a command that failed after it was taken. */
  readonly report: (error: unknown) => void;
}

type Target = Pick<Session, 'id' | 'directory'>;

/** How long whoever sends waits until the server stores a prompt that it accepted, in milliseconds. */
const storeLimit = 10_000;
/** How long after the error that refuses a message is waited before the server is asked whether it is there, in milliseconds. */
const refusalGrace = 1000;

/**
 * The one way by which anything is sent to a session: under the session's lock, under a message id of ours, and with a
 * record of what is known of it.
 *
 * Sending has three outcomes. It arrived: the server was seen to hold the message. It did not: a `Problem` says why,
 * and it may be sent again. Nobody knows yet: an `UncertainProblem`; the message is looked for by its id as soon as the
 * server can be asked, `onDidJudge` tells, and until then it is not sent again. Nobody knows either of what the server
 * accepted and neither stored nor refused yet.
 */
export class PromptDoor implements Disposable {
  readonly #ports: PromptDoorPorts;
  readonly #looks: ArrivalLooks;
  readonly #follower: PromptFollower;
  readonly #didJudge = new Emitter<DeliveryEntry>();
  readonly #subscription: Disposable;
  /** Looks for messages of which the server could not be asked, by their ids. */
  readonly #retries: Retries;
  /** Messages that are being sent or looked for: whoever does that says what became of them. */
  readonly #busy = new Map<string, Promise<unknown>>();
  /** Messages that may come late, by their ids: heard of, they are known at once. */
  readonly #late = new Map<string, FollowedPrompt>();

  /** Of a prompt whose fate was open and is known now: it is `stored` or `absent`. */
  readonly onDidJudge = this.#didJudge.event;

  constructor(ports: PromptDoorPorts) {
    this.#ports = ports;
    this.#looks = new ArrivalLooks(ports);
    this.#follower = new PromptFollower(ports);
    this.#retries = new Retries({ ...ports, retry: (messageId) => void this.look(messageId) });
    this.#subscription = ports.onDidGoLive(() => void this.#judgeAll());
  }

  /**
   * Sends once nothing else holds the session; whoever holds it passes `held`. Resolves when the server is known to
   * have it, also by an earlier attempt under the same id. Throws a `HeldProblem` where Stop All holds what is sent by
   * itself: nothing of it left then.
   */
  async send(
    session: Target,
    outgoing: Outgoing,
    given: PromptCause | Causation,
    held?: Held,
  ): Promise<Delivery> {
    const messageId = messageIdOf(outgoing);
    const causation = typeof given === 'string' ? { cause: given } : given;
    // What is sent or looked for at this moment is judged before it is sent again.
    await this.#busy.get(messageId);
    return this.#occupy(messageId, () => this.#send(session, outgoing, causation, held));
  }

  /** Whether the server holds a message that may have been sent. Throws `UncertainProblem` while that is not known. */
  async hasArrived(sessionId: string, messageId: string): Promise<boolean> {
    await this.#busy.get(messageId);
    const known = this.#ports.deliveries.get(messageId);
    if (known !== undefined && hasArrived(known)) return true;
    return this.#findOut(sessionId, messageId);
  }

  /** Throws also while it may come late. */
  async #findOut(sessionId: string, messageId: string): Promise<boolean> {
    if (await this.#looks.hasArrived(sessionId, messageId)) return true;
    assertOver(this.#ports.deliveries.get(messageId), this.#ports.now());
    return false;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#retries.dispose();
    this.#follower.dispose();
    for (const messageId of this.#late.keys()) this.#stopAwaiting(messageId);
    this.#didJudge.dispose();
  }

  /** Marks a message as one whose fate `act` finds out. */
  async #occupy<T>(messageId: string, act: () => Promise<T>): Promise<T> {
    const done = Promise.withResolvers<void>();
    this.#busy.set(messageId, done.promise);
    try {
      return await act();
    } finally {
      if (this.#busy.get(messageId) === done.promise) this.#busy.delete(messageId);
      done.resolve();
    }
  }

  async #send(
    session: Target,
    outgoing: Outgoing,
    causation: Causation,
    held: Held | undefined,
  ): Promise<Delivery> {
    const { deliveries, lock, now } = this.#ports;
    const messageId = messageIdOf(outgoing);
    const earlier = deliveries.get(messageId);
    const entry = beginEntry(session, outgoing, causation, now());
    const mayLeave = (): boolean => !isSentByItself(causation) || !this.#ports.hold.isHeld();
    const act = () => this.#sendHeld(session, outgoing, entry, { earlier, mayLeave });
    if (held?.sessionId === session.id) return act();
    const holder = lock.holder(session.id);
    // What may be there already is said to be unknown until it was looked for.
    if (holder !== undefined && (earlier === undefined || earlier.state.kind === 'absent')) {
      deliveries.write({ ...entry, state: { kind: 'waiting', reason: holder.reason } });
    }
    return lock.hold(session.id, l10n.t('Another prompt is being sent.'), act);
  }

  async #sendHeld(
    session: Target,
    outgoing: Outgoing,
    entry: DeliveryEntry,
    { earlier, mayLeave }: { readonly earlier: DeliveryEntry | undefined; readonly mayLeave: () => boolean },
  ): Promise<Delivery> {
    const { deliveries } = this.#ports;
    const { messageId } = entry;
    this.#stopAwaiting(messageId);
    try {
      // An earlier attempt under this id may have arrived after all, or that of another window; then nothing is sent.
      const mayBeThere = earlier !== undefined || entry.cause === 'relay';
      if (mayBeThere && (await this.#looks.isThere(session.id, messageId))) {
        deliveries.write({ ...entry, state: { kind: 'stored' } });
        return this.#follower.followStored(session, messageId);
      }
      assertOver(earlier, this.#ports.now());
      // Its request leaves before anything else can happen.
      if (!mayLeave()) throw new HeldProblem();
      return await this.#sendAnew(session, outgoing, { ...entry, time: this.#ports.now() });
    } catch (error) {
      this.#settleFailure(messageId, error);
      throw error;
    }
  }

  async #sendAnew(session: Target, outgoing: Outgoing, entry: DeliveryEntry): Promise<Delivery> {
    const { deliveries, turns } = this.#ports;
    const { messageId } = entry;
    const followed = turns.follow(session.id, messageId, refusesPrompt(entry));
    deliveries.write(entry);
    try {
      await this.#request(session, outgoing, followed);
    } catch (error) {
      // What it heard until now counts, too.
      if (error instanceof UncertainProblem) this.#heed(followed);
      else followed.dispose();
      throw error;
    }
    deliveries.set(messageId, { kind: 'stored' });
    if (outgoing.kind !== 'told') return this.#follower.follow(session, followed);
    // What is told without a reply has no end to wait for.
    followed.dispose();
    return { messageId, answering: followed.answering, ended: followed.ended };
  }

  #settleFailure(messageId: string, error: unknown): void {
    const { deliveries } = this.#ports;
    const entry = deliveries.get(messageId);
    if (entry === undefined) return;
    if (error instanceof Problem && !(error instanceof UncertainProblem)) {
      deliveries.set(messageId, { kind: 'absent', reason: sentenceOf(error) });
      return;
    }
    deliveries.set(messageId, withoutWord(entry.state));
    this.#retries.later(messageId);
    this.#awaitLate(entry);
  }

  /** What is heard of a message whose fate is open says more than the next look. */
  #awaitLate(entry: DeliveryEntry): void {
    const { sessionId, messageId } = entry;
    if (this.#late.has(messageId)) return;
    this.#heed(this.#ports.turns.follow(sessionId, messageId, refusesPrompt(entry)));
  }

  #heed(late: FollowedPrompt): void {
    const { messageId } = late;
    this.#late.set(messageId, late);
    void late.stored.then(() => this.look(messageId));
    void late.refused.then((error) => this.#refuse(messageId, describeRefusal(error).message));
  }

  /** It does not come any more, unless a look finds it. */
  async #refuse(messageId: string, refusal: string): Promise<void> {
    await this.#busy.get(messageId);
    if (this.#ports.deliveries.get(messageId)?.state.kind !== 'unknown') return;
    this.#ports.deliveries.set(messageId, { kind: 'unknown', refusal });
    await this.look(messageId);
  }

  #stopAwaiting(messageId: string): void {
    this.#late.get(messageId)?.dispose();
    this.#late.delete(messageId);
  }

  /** Resolves when the server is known to have the message. */
  async #request(session: Target, outgoing: Outgoing, followed: FollowedPrompt): Promise<void> {
    const request = requestFor(this.#ports.openCode, session.id, outgoing);
    const isRun = outgoing.kind === 'command' || outgoing.kind === 'shell';
    await (isRun
      ? this.#untilTaken(session.id, followed, request)
      : this.#confirm(session.id, followed, request));
  }

  async #confirm(sessionId: string, followed: FollowedPrompt, request: Promise<void>): Promise<void> {
    const { deliveries, wait } = this.#ports;
    try {
      await Promise.race([request, followed.stored]);
    } catch (error) {
      return this.#judgeFailure(sessionId, followed, error);
    }
    // Its message may be seen before the answer; a failure of that says nothing then.
    request.catch((error: unknown) => this.#ports.log.debug('A prompt arrived without an answer.', error));
    deliveries.set(followed.messageId, { kind: 'accepted' });
    const first = await Promise.race([
      followed.stored.then(() => 'stored' as const),
      this.#untilRefused(followed),
      followed.ended.then(({ kind }) => (kind === 'deleted' ? deletedProblem() : undefined)),
      wait(storeLimit),
    ]);
    if (first === 'stored') return;
    if (await this.#looks.isThere(sessionId, followed.messageId)) return followed.confirm();
    throw first instanceof Problem ? first : mayComeProblem();
  }

  /** Resolves when an error was told that surely refuses the prompt, a moment later. */
  async #untilRefused(followed: FollowedPrompt): Promise<Problem> {
    const error = await followed.refused;
    await this.#ports.wait(refusalGrace);
    return describeRefusal(error);
  }

  /**
   * A server may answer a command when it has run, which may take minutes; it has taken it as soon as our message
   * is in the session.
   */
  async #untilTaken(sessionId: string, followed: FollowedPrompt, request: Promise<void>): Promise<void> {
    let isTaken = false;
    const finished = request.then(
      () => undefined,
      (error: unknown) => {
        if (!isTaken) throw error;
        // What broke off while it ran is seen in the session.
        if (error instanceof Problem && error.mayHaveArrived)
          this.#ports.log.debug('A command runs on.', error);
        else this.#ports.report(error);
      },
    );
    try {
      await Promise.race([followed.stored, finished]);
      isTaken = true;
      followed.confirm();
    } catch (error) {
      await this.#judgeFailure(sessionId, followed, error);
      isTaken = true;
    }
  }

  /** A request that failed: resolves if it arrived all the same, throws what is known otherwise. */
  async #judgeFailure(sessionId: string, followed: FollowedPrompt, error: unknown): Promise<void> {
    if (error instanceof Problem && !error.mayHaveArrived) throw error;
    await Promise.race([followed.stored, this.#ports.wait(arrivalGrace)]);
    if (await this.#looks.isThere(sessionId, followed.messageId)) return followed.confirm();
    // The server itself answered, and has nothing of it: it is done with the request.
    if (error instanceof Problem && !(error instanceof UnavailableProblem)) {
      throw new Problem(error.message, { cause: error });
    }
    throw new UndeliveredProblem(
      l10n.t('The prompt did not reach OpenCode. {0}', error instanceof Problem ? error.message : ''),
      { cause: error },
    );
  }

  /** Of what was on its way when a window ended or a connection broke: is it there? */
  async #judgeAll(): Promise<void> {
    const { deliveries } = this.#ports;
    for (const { messageId } of deliveries.all()) this.#retries.reset(messageId);
    await Promise.all(deliveries.all().map(({ messageId }) => this.look(messageId)));
    for (const entry of deliveries.all()) this.#follower.followAgain(entry);
  }

  /** Looks at once what became of a prompt of this window whose fate is open. */
  async look(messageId: string): Promise<void> {
    const entry = this.#ports.deliveries.get(messageId);
    if (entry !== undefined && isOpen(entry) && !this.#busy.has(messageId)) await this.#judge(entry);
  }

  async #judge(entry: DeliveryEntry): Promise<void> {
    const { deliveries, log } = this.#ports;
    const { sessionId, messageId } = entry;
    await this.#occupy(messageId, async () => {
      try {
        const isThere = await this.#findOut(sessionId, messageId);
        deliveries.set(messageId, isThere ? { kind: 'stored' } : absentAfter(entry.state));
      } catch (error) {
        log.debug('What became of a prompt is not known yet.', messageId, error);
        this.#retries.later(messageId);
        this.#awaitLate(entry);
      }
    });
    const judged = deliveries.get(messageId);
    if (judged === undefined || isOpen(judged)) return;
    this.#retries.reset(messageId);
    this.#stopAwaiting(messageId);
    this.#follower.followAgain(judged);
    this.#didJudge.fire(judged);
  }
}

function beginEntry(
  { id, directory }: Target,
  outgoing: Outgoing,
  { cause, by, source }: Causation,
  time: number,
): DeliveryEntry {
  return {
    messageId: messageIdOf(outgoing),
    sessionId: id,
    directory,
    cause,
    ...withoutUndefined({ by, source }),
    ...wordsOf(outgoing),
    time,
    state: { kind: 'sending' },
  };
}

function assertOver(entry: DeliveryEntry | undefined, now: number): void {
  if (entry !== undefined && mayComeLate(entry, now)) throw mayComeProblem();
}

function absentAfter(state: DeliveryState): DeliveryState {
  const refusal = state.kind === 'unknown' ? state.refusal : undefined;
  return { kind: 'absent', reason: refusal ?? l10n.t('It was looked for, and OpenCode does not hold it.') };
}

function mayComeProblem(): UncertainProblem {
  return new UncertainProblem(
    l10n.t(
      'OpenCode took the prompt, but does not hold it yet; a plugin may be at work on it. It is looked for by itself, and is not sent again before that.',
    ),
  );
}

function deletedProblem(): Problem {
  return new Problem(l10n.t('The session was deleted before the prompt was in it.'));
}
