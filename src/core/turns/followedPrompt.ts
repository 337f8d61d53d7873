import type { AssistantMessage, Message, RunError } from '../../protocol/records.ts';
import type { Disposable } from '../event.ts';
import type { Outcome } from './outcome.ts';
import { isFinished } from './turn.ts';

/** What became of a prompt of ours. */
export type PromptEnding =
  | { readonly kind: 'answered'; readonly answer: AssistantMessage }
  /** The run went on with another prompt (somebody typed at the same moment) and never answered ours. */
  | { readonly kind: 'superseded' }
  | Exclude<Outcome, { kind: 'settled' }>;

/** Whether an error of the session that comes before the message of a prompt says that the message does not come. */
export type Refuses = (error: RunError, isRunning: boolean) => boolean;

/** One prompt that we sent, told by its message id from all else that happens in the session. */
export class FollowedPrompt implements Disposable {
  readonly messageId: string;
  readonly #release: () => void;
  readonly #refuses: Refuses;
  readonly #answering = Promise.withResolvers<AssistantMessage | undefined>();
  readonly #ended = Promise.withResolvers<PromptEnding>();
  readonly #stored = Promise.withResolvers<void>();
  readonly #refused = Promise.withResolvers<RunError>();
  /** The ids that its message may have. */
  readonly #names = new Set<string>();
  #isStored = false;
  #answer: AssistantMessage | undefined;

  constructor(messageId: string, release: () => void, refuses: Refuses) {
    this.messageId = messageId;
    this.#names.add(messageId);
    this.#release = release;
    this.#refuses = refuses;
  }

  /** Resolves with the first message that answers ours, undefined if the end came without one. */
  get answering(): Promise<AssistantMessage | undefined> {
    return this.#answering.promise;
  }

  /** Resolves when the run that took our message is over. */
  get ended(): Promise<PromptEnding> {
    return this.#ended.promise;
  }

  /** Resolves when the server is seen to hold our message. */
  get stored(): Promise<void> {
    return this.#stored.promise;
  }

  /**
   * Resolves when an error came before our message did that refuses it by the judgement of who follows. Ask all the
   * same whether the message exists.
   */
  get refused(): Promise<RunError> {
    return this.#refused.promise;
  }

  applyMessage(message: Message): void {
    const isAnswer = message.role === 'assistant' && this.#names.has(message.parentID);
    if (message.id === this.messageId || isAnswer) this.confirm();
    if (!isAnswer) return;
    if (this.#answer !== undefined && message.id < this.#answer.id) return;
    this.#answer = message;
    this.#answering.resolve(message);
  }

  /** It waits on the server to enter the session, perhaps under an id that is not ours. */
  admit(as = this.messageId): void {
    this.#names.add(as);
    this.confirm();
  }

  /** The message is known to be on the server. */
  confirm(): void {
    this.#isStored = true;
    this.#stored.resolve();
  }

  /** `isRunning`: a run is on, whose own error it may be. */
  applyError(error: RunError, isRunning: boolean): void {
    if (!this.#isStored && this.#refuses(error, isRunning)) this.#refused.resolve(error);
  }

  /** A run of the session ended. One that ended before our message was there is not ours. */
  applyOutcome(outcome: Outcome): void {
    if (!this.#isStored && outcome.kind !== 'unseen') return;
    if (outcome.kind !== 'settled') this.end(outcome);
    else if (this.#answer !== undefined && isFinished(this.#answer)) {
      this.end({ kind: 'answered', answer: this.#answer });
    } else this.end({ kind: 'superseded' });
  }

  /** The stream broke: what happened meanwhile was not seen. */
  lose(): void {
    this.end({ kind: 'unseen' });
  }

  end(ending: PromptEnding): void {
    this.#answering.resolve(undefined);
    this.#ended.resolve(ending);
  }

  dispose(): void {
    this.end({ kind: 'unseen' });
    this.#release();
  }
}
