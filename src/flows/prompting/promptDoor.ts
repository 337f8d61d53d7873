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
  type Delivery,
  type DeliveryEntry,
  hasArrived,
  isOpen,
  type PromptCause,
} from '../../core/prompts/delivery.ts';
import type { FollowedPrompt } from '../../core/turns/followedPrompt.ts';
import type { Held, SessionLock } from '../../core/turns/sessionLock.ts';
import type { Session } from '../../protocol/records.ts';
import { findMessage } from './findMessage.ts';
import { followAgain, type FollowPorts, followPrompt, followStored } from './followPrompt.ts';
import { messageIdOf, type Outgoing, wordsOf } from './outgoing.ts';
import { Retries } from '../../core/retries.ts';

export interface PromptDoorPorts extends FollowPorts {
  readonly openCode: FollowPorts['openCode'] &
    Pick<OpenCode, 'promptSession' | 'runCommand' | 'runShell' | 'getMessage'>;
  readonly lock: SessionLock;
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

/** How long the server may take until it stores a prompt that it accepted, in milliseconds. */
const storeLimit = 10_000;
/** How long after an error a message may still come: a file that cannot be read is told before the message (1.18). */
const refusalGrace = 1000;
/** How long a request whose connection broke may still be on its way inside the server. */
const arrivalGrace = 1500;
/** How long is waited before the server is asked again that could not be asked. */
const lookPauses: readonly number[] = [250, 1000, 2000];

/**
 * The one way by which anything is sent to a session: under the session's lock, under a message id of ours, and with a
 * record of what is known of it.
 *
 * Sending has three outcomes. It arrived: the server was seen to hold the message. It did not: a `Problem` says why,
 * and it may be sent again. Nobody knows yet: an `UncertainProblem`; the message is looked for by its id as soon as the
 * server can be asked, `onDidJudge` tells, and until then it is not sent again.
 */
export class PromptDoor implements Disposable {
  readonly #ports: PromptDoorPorts;
  readonly #didJudge = new Emitter<DeliveryEntry>();
  readonly #subscription: Disposable;
  /** Looks for messages of which the server could not be asked, by their ids. */
  readonly #retries: Retries;
  /** Messages that are being sent or looked for: whoever does that says what became of them. */
  readonly #busy = new Map<string, Promise<unknown>>();

  /** Of a prompt whose fate was open and is known now: it is `stored` or `absent`. */
  readonly onDidJudge = this.#didJudge.event;

  constructor(ports: PromptDoorPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (messageId) => void this.#judgeOne(messageId) });
    this.#subscription = ports.onDidGoLive(() => void this.#judgeAll());
  }

  /**
   * Sends once nothing else holds the session; whoever holds it passes `held`. Resolves when the server is known to
   * have it, also by an earlier attempt under the same id.
   */
  async send(session: Target, outgoing: Outgoing, cause: PromptCause, held?: Held): Promise<Delivery> {
    const messageId = messageIdOf(outgoing);
    // What is sent or looked for at this moment is judged before it is sent again.
    await this.#busy.get(messageId);
    return this.#occupy(messageId, () => this.#send(session, outgoing, cause, held));
  }

  /** Whether the server holds a message that may have been sent. Throws `UncertainProblem` while it cannot be asked. */
  async hasArrived(sessionId: string, messageId: string): Promise<boolean> {
    await this.#busy.get(messageId);
    const known = this.#ports.deliveries.get(messageId);
    if (known !== undefined && hasArrived(known)) return true;
    return this.#hasArrived(sessionId, messageId);
  }

  async #hasArrived(sessionId: string, messageId: string): Promise<boolean> {
    if (await this.#look(sessionId, messageId)) return true;
    // What was sent a moment ago may be on its way inside the server.
    await this.#ports.wait(arrivalGrace);
    return this.#look(sessionId, messageId);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#retries.dispose();
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
    cause: PromptCause,
    held: Held | undefined,
  ): Promise<Delivery> {
    const { deliveries, lock, now } = this.#ports;
    const messageId = messageIdOf(outgoing);
    const earlier = deliveries.get(messageId);
    const entry: DeliveryEntry = {
      messageId,
      sessionId: session.id,
      directory: session.directory,
      cause,
      ...wordsOf(outgoing),
      time: now(),
      state: { kind: 'sending' },
    };
    const act = () => this.#sendHeld(session, outgoing, entry, earlier);
    if (held?.sessionId === session.id) return act();
    const holder = lock.holder(session.id);
    if (holder !== undefined && earlier === undefined) {
      deliveries.write({ ...entry, state: { kind: 'waiting', reason: holder.reason } });
    }
    return lock.hold(session.id, l10n.t('Another prompt is being sent.'), act);
  }

  async #sendHeld(
    session: Target,
    outgoing: Outgoing,
    entry: DeliveryEntry,
    earlier: DeliveryEntry | undefined,
  ): Promise<Delivery> {
    const { deliveries, turns } = this.#ports;
    const { messageId } = entry;
    // An earlier attempt under this id may have arrived after all, or that of another window; then nothing is sent.
    const mayBeThere = earlier !== undefined || entry.cause === 'relay';
    if (mayBeThere && (await this.#isThere(session.id, messageId))) {
      deliveries.write({ ...entry, state: { kind: 'stored' } });
      return followStored(this.#ports, session, messageId);
    }
    const followed = turns.follow(session.id, messageId);
    deliveries.write(entry);
    try {
      await this.#request(session, outgoing, followed);
    } catch (error) {
      followed.dispose();
      this.#settleFailure(messageId, error);
      throw error;
    }
    deliveries.set(messageId, { kind: 'stored' });
    if (entry.cause !== 'tell') return followPrompt(this.#ports, session, followed);
    // What is told without a reply has no end to wait for.
    followed.dispose();
    return { messageId, answering: followed.answering, ended: followed.ended };
  }

  #settleFailure(messageId: string, error: unknown): void {
    const reason = sentenceOf(error);
    const isUnknown = error instanceof UncertainProblem || !(error instanceof Problem);
    this.#ports.deliveries.set(messageId, isUnknown ? { kind: 'unknown' } : { kind: 'absent', reason });
    if (isUnknown) this.#retries.later(messageId);
  }

  /** Resolves when the server is known to have the message. */
  async #request(session: Target, outgoing: Outgoing, followed: FollowedPrompt): Promise<void> {
    const { openCode } = this.#ports;
    switch (outgoing.kind) {
      case 'prompt':
        return this.#confirm(session.id, followed, openCode.promptSession(session.id, outgoing.prompt));
      case 'command':
        return this.#untilTaken(session.id, followed, openCode.runCommand(session.id, outgoing.command));
      case 'shell':
        return this.#untilTaken(session.id, followed, openCode.runShell(session.id, outgoing.shell));
    }
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
    const refused = followed.refused.then(async (error) => {
      await wait(refusalGrace);
      return error;
    });
    const stored = followed.stored.then(() => 'stored' as const);
    const first = await Promise.race([stored, refused, followed.ended, wait(storeLimit)]);
    if (first === 'stored') return;
    if (await this.#isThere(sessionId, followed.messageId)) return followed.confirm();
    throw refusal(first !== undefined && 'name' in first ? first.data.message : undefined);
  }

  /**
   * The server answers a command when it has run, which may take minutes (1.18); it has taken it as soon as our message
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
    if (await this.#isThere(sessionId, followed.messageId)) return followed.confirm();
    // The server itself answered, and has nothing of it: it is done with the request.
    if (error instanceof Problem && !(error instanceof UnavailableProblem)) {
      throw new Problem(error.message, { cause: error });
    }
    throw new UndeliveredProblem(
      l10n.t('The prompt did not reach OpenCode. {0}', error instanceof Problem ? error.message : ''),
      { cause: error },
    );
  }

  /** Asks whether the server holds the message, some times over if it cannot be asked. */
  async #isThere(sessionId: string, messageId: string): Promise<boolean> {
    for (const pause of lookPauses) {
      try {
        return await this.#look(sessionId, messageId);
      } catch (error) {
        if (!(error instanceof UncertainProblem)) throw error;
      }
      await this.#ports.wait(pause);
    }
    return this.#look(sessionId, messageId);
  }

  async #look(sessionId: string, messageId: string): Promise<boolean> {
    try {
      return (await findMessage(this.#ports.openCode, sessionId, messageId)) !== undefined;
    } catch (cause) {
      throw new UncertainProblem(
        l10n.t(
          'It is not known yet whether the prompt reached OpenCode. It is looked for when the server can be asked, and is not sent again before that.',
        ),
        { cause },
      );
    }
  }

  /** Of what was on its way when a window ended or a connection broke: is it there? */
  async #judgeAll(): Promise<void> {
    const { deliveries } = this.#ports;
    for (const { messageId } of deliveries.all()) this.#retries.reset(messageId);
    await Promise.all(deliveries.all().map(({ messageId }) => this.#judgeOne(messageId)));
    for (const entry of deliveries.all()) followAgain(this.#ports, entry);
  }

  async #judgeOne(messageId: string): Promise<void> {
    const entry = this.#ports.deliveries.get(messageId);
    if (entry !== undefined && isOpen(entry) && !this.#busy.has(messageId)) await this.#judge(entry);
  }

  async #judge({ sessionId, messageId }: DeliveryEntry): Promise<void> {
    const { deliveries, log } = this.#ports;
    await this.#occupy(messageId, async () => {
      try {
        const reason = l10n.t('The prompt did not reach OpenCode.');
        const isThere = await this.#hasArrived(sessionId, messageId);
        deliveries.set(messageId, isThere ? { kind: 'stored' } : { kind: 'absent', reason });
      } catch (error) {
        log.debug('What became of a prompt is not known yet.', messageId, error);
        this.#retries.later(messageId);
      }
    });
    const judged = deliveries.get(messageId);
    if (judged === undefined || isOpen(judged)) return;
    this.#retries.reset(messageId);
    followAgain(this.#ports, judged);
    this.#didJudge.fire(judged);
  }
}

function refusal(words: string | undefined): Problem {
  return new Problem(
    words === undefined
      ? l10n.t('OpenCode took the prompt and then did nothing with it. It was not sent; try again.')
      : l10n.t('OpenCode refused the prompt: {0}', words),
  );
}
