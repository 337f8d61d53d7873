import { isRefused, NotFoundProblem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { MessagePage, OpenCode } from '../../core/ports/openCode.ts';
import type { Delivery, DeliveryEntry, PromptEnding } from '../../core/prompts/delivery.ts';
import { Retries, type RetriesPorts } from '../../core/retries.ts';
import type { FollowedPrompt } from '../../core/turns/followedPrompt.ts';
import { judgePrompt } from '../../core/turns/judgeMessages.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import type { AssistantMessage, Session } from '../../protocol/records.ts';
import type { Deliveries } from './deliveries.ts';
import { isBusy } from '../../core/turns/isBusy.ts';

export interface FollowPorts extends Pick<RetriesPorts, 'startTimer'> {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'listStatuses'>;
  readonly turns: SettledTurns;
  readonly deliveries: Deliveries;
  readonly log: Log;
}

type Target = Pick<Session, 'id' | 'directory'>;

/** What a look at a prompt found. */
type Read =
  | PromptEnding
  /** The session works, and is heard to: its end will be, too. */
  | { readonly kind: 'running' }
  /** The server could not be asked, or says that a session works of which nothing is heard. */
  | { readonly kind: 'unknown' };

const readBackLimit = 20;
/** A prompt that seems never to have been begun with is looked at so often: its run begins a moment after it is stored. */
const beginLooks = 3;

/**
 * Follows prompts that arrived to their ends; what is known of them says when they are answered and how they ended.
 * What is not heard is asked for, until it is known: a prompt whose end nobody knows would keep all others waiting.
 */
export class PromptFollower implements Disposable {
  readonly #ports: FollowPorts;
  /** Ask again how prompts ended of which the server could not be asked, by their message ids. */
  readonly #retries: Retries;
  readonly #due = new Map<string, () => void>();

  constructor(ports: FollowPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (messageId) => this.#due.get(messageId)?.() });
  }

  follow(session: Target, followed: FollowedPrompt): Delivery {
    const { deliveries, log } = this.#ports;
    const { messageId } = followed;
    const answering = Promise.withResolvers<AssistantMessage | undefined>();
    const onAnswer = (answer: AssistantMessage): void => {
      answering.resolve(answer);
      if (deliveries.get(messageId)?.state.kind === 'stored') deliveries.set(messageId, { kind: 'started' });
    };
    const ended = this.#followToEnd(session, followed, onAnswer);
    ended
      .then(
        ({ kind }) => deliveries.set(messageId, { kind: 'ended', how: kind }),
        (error: unknown) => log.error('A prompt could not be followed.', messageId, error),
      )
      .finally(() => answering.resolve(undefined));
    return { messageId, answering: answering.promise, ended };
  }

  /** The same for a prompt whose arrival was not seen, nor what came of it until now. */
  followStored(session: Target, messageId: string): Delivery {
    return this.follow(session, this.#lost(session, messageId));
  }

  /** Of a prompt that an earlier window, or an earlier connection, saw arrive: how does it end? */
  followAgain({ messageId, sessionId, directory, cause, state }: DeliveryEntry): void {
    if (cause === 'tell') return;
    if (state.kind !== 'stored' && state.kind !== 'started') return;
    if (this.#ports.turns.isFollowed(sessionId, messageId)) return;
    void this.followStored({ id: sessionId, directory }, messageId);
  }

  dispose(): void {
    this.#retries.dispose();
    this.#due.clear();
  }

  async #followToEnd(
    session: Target,
    first: FollowedPrompt,
    onAnswer: (answer: AssistantMessage) => void,
  ): Promise<PromptEnding> {
    let followed = first;
    let unbegun = 0;
    for (;;) {
      void followed.answering.then((answer) => answer && onAnswer(answer));
      const ending = await followed.ended;
      followed.dispose();
      // Who began to follow late may have missed the answer: its messages tell.
      const isMissed = ending.kind === 'superseded' && followed !== first;
      if (ending.kind !== 'unseen' && !isMissed) return ending;
      // It is followed before its messages are read, so that nothing happens between the two.
      followed = this.#begin(session, first.messageId);
      const read = await this.#read(session, first.messageId);
      if (read.kind === 'running') continue;
      if (read.kind === 'unanswered') unbegun += 1;
      if (read.kind === 'unknown' || (read.kind === 'unanswered' && unbegun < beginLooks)) {
        await this.#untilWorthAsking(followed);
        followed.dispose();
        followed = this.#lost(session, first.messageId);
        continue;
      }
      followed.dispose();
      this.#retries.reset(first.messageId);
      if (read.kind === 'answered') onAnswer(read.answer);
      return read;
    }
  }

  #begin({ id }: Target, messageId: string): FollowedPrompt {
    const followed = this.#ports.turns.follow(id, messageId);
    followed.confirm();
    return followed;
  }

  /** What happened until now was not heard, or is no proof of how this prompt ended: its messages tell. */
  #lost(session: Target, messageId: string): FollowedPrompt {
    const followed = this.#begin(session, messageId);
    followed.lose();
    return followed;
  }

  async #read(session: Target, messageId: string): Promise<Read> {
    try {
      const read = await readEnding(this.#ports, session, messageId);
      if (read.kind !== 'unknown' && read.kind !== 'unanswered') this.#retries.reset(messageId);
      return read;
    } catch (error) {
      if (error instanceof NotFoundProblem) return { kind: 'deleted' };
      this.#ports.log.debug('The end of a prompt could not be read.', messageId, error);
      return { kind: 'unknown' };
    }
  }

  /** Resolves after a pause that is longer each time, or as soon as a run ends or the connection is there again. */
  async #untilWorthAsking(followed: FollowedPrompt): Promise<void> {
    const { messageId } = followed;
    const pause = Promise.withResolvers<void>();
    this.#due.set(messageId, pause.resolve);
    this.#retries.later(messageId);
    await Promise.race([pause.promise, followed.ended]);
    this.#due.delete(messageId);
  }
}

/** What the messages say about the end of a prompt. */
export async function readEnding(
  ports: Pick<FollowPorts, 'openCode' | 'turns' | 'log'>,
  session: Target,
  messageId: string,
): Promise<Read> {
  if (await isBusy(ports.openCode, session)) {
    return { kind: ports.turns.isRunning(session.id) ? 'running' : 'unknown' };
  }
  const ending = judgeRead(await readMessages(ports, session.id), messageId);
  // What began while it was read has no end yet.
  const mayGoOn = ending.kind !== 'answered' && ports.turns.isRunning(session.id);
  return mayGoOn ? { kind: 'running' } : ending;
}

function judgeRead(messages: MessagePage['messages'] | undefined, messageId: string): PromptEnding {
  // Too much was said since, or the server does not show it: how it ended is not looked up that far back.
  if (messages?.some(({ info }) => info.id === messageId) !== true) return { kind: 'unseen' };
  return judgePrompt(messages, messageId);
}

/** undefined: the server refuses to show them, however often it is asked, e.g. of a prompt with a JSON schema. */
async function readMessages(
  { openCode, log }: Pick<FollowPorts, 'openCode' | 'log'>,
  sessionId: string,
): Promise<MessagePage['messages'] | undefined> {
  try {
    return (await openCode.listMessages(sessionId, { limit: readBackLimit })).messages;
  } catch (error) {
    if (!isRefused(error)) throw error;
    log.debug('The messages of a session are not shown.', sessionId, error);
    return undefined;
  }
}
