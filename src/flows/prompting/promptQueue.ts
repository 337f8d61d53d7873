import type { ComposerDraft, QueuedPrompt } from '../../protocol/page/composer.ts';
import type { ModelReference } from '../../protocol/records.ts';
import { NotFoundProblem, Problem, UnavailableProblem, UncertainProblem } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { MaySend } from './askElsewhere.ts';
import { mayHaveActed } from './attempts.ts';
import { Retries } from '../../core/retries.ts';
import { describeRetry, WaitReasons } from './waitReasons.ts';
import { describeHold, type Hold, HeldProblem } from '../../core/state/hold.ts';
import { attachmentName } from '../../core/prompts/promptText.ts';

/** A prompt that waits for the end of the running turn, as it is kept over reloads. */
export interface StoredPrompt {
  /** Our own message id: it tells whether the server has the prompt already. */
  readonly messageId: string;
  readonly draft: ComposerDraft;
  /** Who answers, as the row says: found when the prompt was typed. */
  readonly agent: string;
  readonly model: ModelReference;
  /** Since sending began; it may have arrived although nobody saw the answer. */
  readonly sending?: boolean;
}

/** Whether the next prompt may be sent to a session; `reason` is a sentence. */
export type Readiness =
  /** It is idle, and its last turn ended well. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'working' }
  | { readonly kind: 'held'; readonly reason: string }
  /** The server has the session no more: nothing can be sent to it. */
  | { readonly kind: 'gone' };

export interface PromptQueuePorts extends MaySend {
  /** Kept by the editor; by session id. */
  readonly memento: KeptValues;
  /** A turn ended well, of which a prompt may follow. */
  readonly onDidSettle: Event<{ readonly sessionId: string }>;
  /**
   * Something makes a session work no more: a run that did not end well, or of which nobody saw the end, also one of
   * another client; or a prompt of this window, whose turn is over, however it ended, or never began.
   */
  readonly onDidFree: Event<{ readonly sessionId: string }>;
  /** The server no longer tells of a session; whether it is gone, `readiness` says. */
  readonly onDidLeave: Event<{ readonly sessionId: string }>;
  /** Takes prompts whose session is gone: they wait no more. */
  readonly giveBack: (sessionId: string, prompts: readonly StoredPrompt[]) => void;
  /** While it holds, nothing goes by itself. */
  readonly hold: Hold;
  /** Sends it under its own message id; throws if it was not taken. `isPressed`: a person wants it at this moment. */
  readonly send: (sessionId: string, prompt: StoredPrompt, isPressed: boolean) => Promise<void>;
  /** Whether the server has the message. Throws while that cannot be told. */
  readonly exists: (sessionId: string, messageId: string) => Promise<boolean>;
  readonly readiness: (sessionId: string) => Promise<Readiness>;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  /** Tells the person why a prompt still waits although its turn came. */
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

const key = 'transcript.queues';

/**
 * Prompts that wait until the running turn has settled: one after the other, in the order in which they were
 * typed. A turn that fails or is stopped sends nothing; the prompts stay and go on after the next one that
 * ends well. What is being sent is marked first, so that no prompt is sent twice, not even over a reload.
 */
export class PromptQueue implements Disposable {
  readonly #ports: PromptQueuePorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #subscriptions: readonly Disposable[];
  readonly #retries: Retries;
  /** Why the first prompt of a session waits although no turn runs. */
  readonly #reasons = new WaitReasons();
  readonly #sending = new Set<string>();
  /**
   * Sessions of which a turn settled, or may have unseen, while a prompt was being sent: that of a shell command may be
   * so short.
   */
  readonly #settledMeanwhile = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  constructor(ports: PromptQueuePorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (sessionId) => void this.#resumeOne(sessionId) });
    this.#subscriptions = [
      ports.onDidSettle(({ sessionId }) => void this.#sendAfterTurn(sessionId)),
      ports.onDidFree(({ sessionId }) => this.look(sessionId)),
      ports.onDidLeave(({ sessionId }) => this.look(sessionId)),
      ports.onDidGoLive(() => void this.resume()),
      ports.hold.onDidChange(() => void this.resume()),
      this.#reasons.onDidChange((change) => this.#didChange.fire(change)),
    ];
  }

  of(sessionId: string): readonly QueuedPrompt[] {
    const reason = this.#reasons.of(sessionId);
    return this.#read(sessionId).map(({ messageId, draft, agent, sending }, index) =>
      withoutUndefined({
        id: messageId,
        text: draft.text,
        attachments: draft.attachments?.map(attachmentName),
        agent,
        sending,
        why: index === 0 ? reason : undefined,
      }),
    );
  }

  /** The sessions in which something waits. */
  get sessionIds(): readonly string[] {
    return Object.keys(this.#readAll());
  }

  /** Whether a prompt of the queue itself waits. */
  has(sessionId: string): boolean {
    return this.#read(sessionId).length > 0;
  }

  async add(sessionId: string, prompt: StoredPrompt): Promise<void> {
    await this.#write(sessionId, [...this.#read(sessionId), prompt]);
    await this.#resumeOne(sessionId);
  }

  /** Changes the text of one that waits; throws a `Problem` if it is gone or being sent. */
  async edit(sessionId: string, messageId: string, text: string): Promise<void> {
    const prompts = this.#read(sessionId);
    const edited = prompts.find((prompt) => prompt.messageId === messageId && prompt.sending !== true);
    if (edited === undefined) throw noLongerWaits();
    const changed = { ...edited, draft: { ...edited.draft, text } };
    await this.#write(
      sessionId,
      prompts.map((prompt) => (prompt === edited ? changed : prompt)),
    );
  }

  async remove(sessionId: string, messageId: string): Promise<void> {
    await this.#write(
      sessionId,
      this.#read(sessionId).filter((prompt) => prompt.messageId !== messageId || prompt.sending === true),
    );
  }

  /** Sends one before the others, also where the last turn did not end well; into the turn that runs, where one does. */
  async sendNow(sessionId: string, messageId: string): Promise<void> {
    if (!(await this.#ports.maySendTo({ id: sessionId }))) return;
    const prompts = this.#read(sessionId);
    const wanted = prompts.find((prompt) => prompt.messageId === messageId);
    if (wanted === undefined || this.#sending.has(sessionId)) return;
    await this.#write(sessionId, [wanted, ...prompts.filter((prompt) => prompt !== wanted)]);
    await this.#sendNext(sessionId, true);
  }

  /** After a reload or a reconnect: sends what settled meanwhile. */
  async resume(): Promise<void> {
    for (const sessionId of this.sessionIds) {
      this.#retries.reset(sessionId);
      if (this.#sending.has(sessionId)) this.#settledMeanwhile.add(sessionId);
      else await this.#resumeOne(sessionId);
    }
  }

  /** Looks whether the first prompt of a session can go. */
  look(sessionId: string): void {
    if (this.has(sessionId)) void this.#resumeOne(sessionId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#retries.dispose();
    this.#reasons.dispose();
    this.#didChange.dispose();
  }

  async #resumeOne(sessionId: string): Promise<void> {
    if (this.#sending.has(sessionId)) return;
    try {
      // One that arrived after all is the prompt whose end is waited for.
      await this.#dropArrived(sessionId);
      if (!this.has(sessionId)) return this.#reasons.set(sessionId, undefined);
      const readiness = await this.#ports.readiness(sessionId);
      if (readiness.kind === 'ready') await this.#sendNext(sessionId);
      else if (readiness.kind === 'gone') await this.#giveBack(sessionId);
      else this.#reasons.set(sessionId, readiness.kind === 'held' ? readiness.reason : undefined);
    } catch (error) {
      this.#retryLater(sessionId, error);
    }
  }

  /** What was on its way then, too, can be read and copied: it may have arrived, and is there no more. */
  async #giveBack(sessionId: string): Promise<void> {
    const prompts = this.#read(sessionId);
    this.#ports.giveBack(sessionId, prompts);
    this.#reasons.set(sessionId, undefined);
    this.#retries.reset(sessionId);
    await this.#write(sessionId, []);
  }

  async #sendAfterTurn(sessionId: string): Promise<void> {
    if (this.#sending.has(sessionId)) this.#settledMeanwhile.add(sessionId);
    else await this.#sendNext(sessionId);
  }

  /** Sends the first one, unless one is on its way: it starts a turn, and the next follows when that settles. */
  async #sendNext(sessionId: string, isPressed = false): Promise<void> {
    if (this.#sending.has(sessionId)) return;
    if (!isPressed && this.has(sessionId) && this.#ports.hold.isHeld()) {
      return this.#reasons.set(sessionId, describeHold());
    }
    this.#sending.add(sessionId);
    try {
      const next = await this.#dropArrived(sessionId);
      if (next === undefined) return;
      await this.#mark(sessionId, next.messageId, true);
      await this.#ports.send(sessionId, next, isPressed);
      await this.#drop(sessionId, next.messageId);
      this.#retries.reset(sessionId);
      this.#reasons.set(sessionId, undefined);
    } catch (error) {
      await this.#applyFailure(sessionId, error);
    } finally {
      this.#sending.delete(sessionId);
    }
    if (this.#settledMeanwhile.delete(sessionId)) await this.#resumeOne(sessionId);
  }

  /** Takes out those of which an earlier attempt arrived after all; answers with the one whose turn it is. */
  async #dropArrived(sessionId: string): Promise<StoredPrompt | undefined> {
    for (;;) {
      const [first] = this.#read(sessionId);
      if (first?.sending !== true || !(await this.#ports.exists(sessionId, first.messageId))) return first;
      await this.#drop(sessionId, first.messageId);
    }
  }

  /** A refusal is a person's to mend; what could not be asked, or may have arrived, is looked at again by itself. */
  async #applyFailure(sessionId: string, error: unknown): Promise<void> {
    const isRefusal =
      error instanceof Problem && !mayHaveActed(error) && !(error instanceof UnavailableProblem);
    if (error instanceof HeldProblem) this.#reasons.set(sessionId, error.message);
    else if (isRefusal) {
      this.#ports.report(error);
      this.#reasons.set(sessionId, error.message);
    } else this.#retryLater(sessionId, error);
    if (!(error instanceof UncertainProblem)) await this.#unmarkIfAbsent(sessionId);
  }

  #retryLater(sessionId: string, error: unknown): void {
    this.#ports.log.warn('Prompt queue could not go on', sessionId, error);
    this.#retries.later(sessionId);
    this.#reasons.set(sessionId, describeRetry(error));
  }

  async #unmarkIfAbsent(sessionId: string): Promise<void> {
    const [first] = this.#read(sessionId);
    if (first === undefined || first.sending !== true) return;
    try {
      if (await this.#ports.exists(sessionId, first.messageId)) await this.#drop(sessionId, first.messageId);
      else await this.#mark(sessionId, first.messageId, false);
    } catch (error) {
      // Until the server answers, it may be there.
      if (!this.#retries.isWaiting(sessionId)) this.#retryLater(sessionId, error);
    }
  }

  async #mark(sessionId: string, messageId: string, sending: boolean): Promise<void> {
    const prompts = this.#read(sessionId).map((prompt) =>
      prompt.messageId === messageId ? { ...prompt, sending } : prompt,
    );
    await this.#write(sessionId, prompts);
  }

  async #drop(sessionId: string, messageId: string): Promise<void> {
    await this.#write(
      sessionId,
      this.#read(sessionId).filter((prompt) => prompt.messageId !== messageId),
    );
  }

  #read(sessionId: string): readonly StoredPrompt[] {
    return this.#readAll()[sessionId] ?? [];
  }

  #readAll(): Readonly<Record<string, readonly StoredPrompt[]>> {
    return this.#ports.memento.get<Record<string, readonly StoredPrompt[]>>(key, {});
  }

  async #write(sessionId: string, prompts: readonly StoredPrompt[]): Promise<void> {
    const { [sessionId]: _, ...others } = this.#readAll();
    await this.#ports.memento.update(
      key,
      prompts.length === 0 ? others : { ...others, [sessionId]: prompts },
    );
    this.#didChange.fire({ sessionId });
  }
}

function noLongerWaits(): NotFoundProblem {
  return new NotFoundProblem(l10n.t('The queued prompt was sent or removed before it could be changed.'));
}
