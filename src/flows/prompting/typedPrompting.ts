import { Problem, sentenceOf, UncertainProblem } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { joinDrafts } from '../../core/prompts/composerDraft.ts';
import { type DeliveryEntry, isAtWork, isOpen } from '../../core/prompts/delivery.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import type { GivenBack, KeptTarget, Prompting, SentPrompt } from '../../core/prompts/prompting.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import { describeBarrier } from '../../core/turns/outcomeText.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { ComposerDraft, PickedTarget } from '../../protocol/page/composer.ts';
import type { Session } from '../../protocol/records.ts';
import type { MaySend } from './askElsewhere.ts';
import type { Attempt, Attempts } from './attempts.ts';
import { ComposerDrafts, type ComposerDraftsPorts } from './composerDrafts.ts';
import type { Deliveries } from './deliveries.ts';
import { textPrompt } from './outgoing.ts';
import type { PromptDoor } from './promptDoor.ts';
import { PromptQueue, type PromptQueuePorts, type StoredPrompt } from './promptQueue.ts';
import { type PreparedPrompt, PromptSender, type PromptSenderPorts } from './promptSender.ts';
import { isGone, sessionGone } from './sessionGone.ts';
import { TypedCommands } from './typedCommands.ts';

export interface TypedPromptingPorts
  extends Omit<PromptSenderPorts, 'door'>, Pick<ComposerDraftsPorts, 'startTimer'>, MaySend {
  readonly sessions: Sessions;
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages'>;
  readonly door: Pick<PromptDoor, 'send' | 'hasArrived' | 'onDidJudge'>;
  readonly deliveries: Pick<Deliveries, 'get' | 'isAtWork' | 'onDidChange'>;
  readonly attempts: Attempts;
  readonly hold: PromptQueuePorts['hold'];
  readonly onDidSettle: Event<{ readonly sessionId: string; readonly outcome: Outcome }>;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Tells a person why a prompt of the queue was not taken. */
  readonly report: (error: unknown) => void;
  readonly memento: KeptValues;
  readonly log: Log;
}

/** What became of something that was sent, where that is known. */
type Taken<T> = { readonly isKnown: true; readonly value: T } | { readonly isKnown: false };

/** What a person types for the sessions of this window: as drafts, on its way, and in the queue. */
export class TypedPrompting implements Omit<Prompting, 'lent' | 'send' | 'waiting'>, Disposable {
  readonly #ports: TypedPromptingPorts;
  readonly #sender: PromptSender;
  readonly #didGiveBack = new Emitter<GivenBack>();
  readonly #didKeepTarget = new Emitter<KeptTarget>();
  /** Sessions to which a prompt is about to be sent. */
  readonly #leaving = new Set<string>();
  readonly #subscriptions: readonly Disposable[];
  readonly drafts: ComposerDrafts;
  readonly queue: PromptQueue;
  readonly typed: TypedCommands;

  readonly onDidGiveBack = this.#didGiveBack.event;
  readonly onDidKeepTarget = this.#didKeepTarget.event;

  /** Something changed by which `isFree` may answer otherwise. */
  readonly onMayBeFree: Event<unknown> = (listener) => {
    const { sessions, deliveries } = this.#ports;
    const subscriptions = [sessions.onDidChange(listener), deliveries.onDidChange(listener)];
    return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
  };

  constructor(ports: TypedPromptingPorts) {
    this.#ports = ports;
    this.#sender = new PromptSender(ports);
    this.drafts = new ComposerDrafts(ports);
    this.typed = new TypedCommands(ports.memento);
    this.queue = createQueue(
      ports,
      this.#sender,
      (sessionId) => this.isFree(sessionId),
      (sessionId, prompts) => this.#giveBack(sessionId, prompts),
    );
    this.#subscriptions = [
      ports.onDidGoLive(() => void this.#judge()),
      ports.door.onDidJudge((entry) => this.#onJudged(entry)),
    ];
  }

  /** What was typed stays kept until the server, or the queue, has it, or is known not to. */
  async send(sessionId: string, draft: ComposerDraft, mode: 'queue' | 'steer'): Promise<SentPrompt> {
    this.drafts.send(sessionId, draft);
    return this.sendHeld(sessionId, draft, draft, mode);
  }

  /** Sends, of what is held already, what it was found to mean. */
  async sendHeld(
    sessionId: string,
    held: ComposerDraft,
    draft: ComposerDraft,
    mode: 'queue' | 'steer',
  ): Promise<SentPrompt> {
    this.drafts.replace(held, draft);
    const wish = ['typed', sessionId, draft.text, draft.attachments];
    const sent = await this.#orKeep(sessionId, draft, () =>
      this.#ports.attempts.runEach(wish, (attempt) => this.#sendOrQueue(sessionId, draft, mode, attempt)),
    );
    if (sent.isKnown) this.drafts.take(sessionId, draft, sent.value);
    return { kind: 'sent', kept: sent.isKnown ? sent.value : undefined };
  }

  /**
   * Sends a text that was not typed into a composer to whoever `findTarget` finds. What is not taken stands in the
   * session's composer afterwards, where it is no command either, and what was thrown says why.
   */
  async sendText(
    session: Pick<Session, 'id' | 'directory'>,
    given: ComposerDraft,
    findTarget: () => Promise<PromptTarget>,
  ): Promise<void> {
    const { attempts, door } = this.#ports;
    const draft = { ...given, text: typedAsText(given.text) };
    this.drafts.hold(session.id, draft);
    const sent = await this.#orGiveBack(session.id, draft, async () => {
      const target = await findTarget();
      await this.#assertHere(session);
      await attempts.runEach(['typed', session.id, draft.text, undefined], async (attempt) => {
        const messageId = attempt.messageId('prompt');
        this.drafts.identify(draft, messageId);
        await door.send(session, textPrompt(messageId, { ...target, text: given.text }), 'typed');
      });
    });
    if (sent.isKnown) this.drafts.release(draft);
  }

  /**
   * Sends a prompt that was sent before as a new one, which stands in no composer: `repeated` is the id of its message, and
   * `findDraft` makes of it what is sent. Asked for again meanwhile, it is the same act; whether it is to be sent at
   * all is for `findDraft` to say, which is asked once nothing else sends that message again. What is not taken stands
   * in the session's composer afterwards, and what was thrown says why.
   */
  async sendAgain(
    { id }: Pick<Session, 'id'>,
    repeated: string,
    findDraft: () => Promise<ComposerDraft>,
  ): Promise<void> {
    await this.#ports.attempts.run(['retry', id, repeated], async () => {
      const draft = await findDraft();
      this.drafts.hold(id, draft);
      const wish = ['typed', id, draft.text, draft.attachments];
      const sent = await this.#orGiveBack(id, draft, () =>
        this.#ports.attempts.runEach(wish, (attempt) => this.#sendOrQueue(id, draft, 'queue', attempt)),
      );
      if (!sent.isKnown) return;
      this.drafts.release(draft);
      if (sent.value !== undefined) this.#keepTarget(id, sent.value);
    });
  }

  /** Picks who is to answer the next prompt, in place of what was picked. */
  pick(sessionId: string, picked: PickedTarget): void {
    const before = this.drafts.get(sessionId);
    this.drafts.set(sessionId, { ...before, ...picked });
    const { agent, model } = before;
    this.#didKeepTarget.fire({ sessionId, picked: { agent, model }, kept: { agent, model, ...picked } });
  }

  /** Whether a prompt would begin a turn of its own: what was sent a moment ago makes a session work before the server says so. */
  isFree(sessionId: string): boolean {
    const { sessions, deliveries } = this.#ports;
    if (this.#leaving.has(sessionId) || deliveries.isAtWork(sessionId)) return false;
    return sessions.status(sessionId).type === 'idle';
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.queue.dispose();
    this.drafts.dispose();
    this.#didGiveBack.dispose();
    this.#didKeepTarget.dispose();
  }

  /** The next prompt goes on with it, unless a person picked something else. */
  #keepTarget(sessionId: string, kept: PromptTarget): void {
    this.drafts.take(sessionId, { text: '' }, kept);
    this.#didKeepTarget.fire({ sessionId, picked: {}, kept });
  }

  async #sendOrQueue(
    sessionId: string,
    draft: ComposerDraft,
    mode: 'queue' | 'steer',
    attempt: Attempt,
  ): Promise<PromptTarget | undefined> {
    const prepared = await this.#sender.prepare(sessionId, draft);
    await this.#assertHere(prepared.session);
    const messageId = attempt.messageId('prompt');
    this.drafts.identify(draft, messageId);
    const { agent, model } = prepared.target;
    if (this.#sender.isCommand(prepared)) {
      this.typed.add({ sessionId, messageId, text: prepared.draft.text, agent, model });
    }
    if (mode === 'steer' || this.isFree(sessionId)) await this.#sendNow(prepared, messageId);
    else await this.queue.add(sessionId, { messageId, draft, ...prepared.target });
    return this.#sender.targetAfter(prepared);
  }

  async #sendNow(prepared: PreparedPrompt, messageId: string): Promise<void> {
    const { id } = prepared.session;
    this.#leaving.add(id);
    try {
      await this.#sender.send(prepared, messageId, 'typed');
    } finally {
      this.#leaving.delete(id);
      // Where it was not taken, nothing else tells what waits behind it.
      this.queue.look(id);
    }
  }

  async #assertHere(session: Pick<Session, 'id'>): Promise<void> {
    if (await this.#ports.maySendTo(session)) return;
    throw new Problem(
      l10n.t('It was not sent, because another OpenCode process may be at work in the session.'),
    );
  }

  /** Where it is not known whether it was taken, it is kept aside; what was not stands in the composer again. */
  async #orKeep<T>(sessionId: string, draft: ComposerDraft, act: () => Promise<T>): Promise<Taken<T>> {
    try {
      return { isKnown: true, value: await act() };
    } catch (error) {
      this.#ports.log.warn('Prompt was not sent, or may not have been', sessionId, error);
      if (!(error instanceof UncertainProblem)) {
        this.drafts.putBack(sessionId, draft);
        throw error;
      }
      this.drafts.suspend(draft);
      return { isKnown: false };
    }
  }

  /** As `#orKeep`, of what no page has sent: one that shows the session hears that its composer has it. */
  async #orGiveBack<T>(sessionId: string, draft: ComposerDraft, act: () => Promise<T>): Promise<Taken<T>> {
    try {
      return await this.#orKeep(sessionId, draft, act);
    } catch (error) {
      this.#didGiveBack.fire({ sessionId, draft, problem: sentenceOf(error) });
      throw error;
    }
  }

  /** What waited for a session that is gone stands in its composer, where it can be read and copied. */
  #giveBack(sessionId: string, prompts: readonly StoredPrompt[]): void {
    const [first, ...others] = prompts.map(({ draft }) => draft);
    if (first === undefined) return;
    const draft = others.reduce(joinDrafts, first);
    this.drafts.putBack(sessionId, draft);
    const problem = l10n.t(
      'This waited for the turn to end, and the session was deleted before that. It was not sent.',
    );
    this.#didGiveBack.fire({ sessionId, draft, problem });
    this.#ports.report(sessionGone(sessionId, draft.text));
  }

  #onJudged({ cause, messageId, sessionId, state }: DeliveryEntry): void {
    // The same words typed once more are meant once more.
    if (state.kind !== 'absent') this.#ports.attempts.forget(messageId);
    if (cause === 'typed') void this.#judge();
    if (cause === 'queue') this.queue.look(sessionId);
  }

  /** What was on its way when a window ended or a connection broke is found again, there or in its composer. */
  async #judge(): Promise<void> {
    await this.drafts.judge(
      async ({ sessionId, messageId }) =>
        this.queue.of(sessionId).some(({ id }) => id === messageId) || this.#hasArrived(sessionId, messageId),
      ({ sessionId, draft, messageId }) =>
        this.#didGiveBack.fire({ sessionId, draft, problem: this.#describeAbsent(messageId) }),
    );
  }

  #describeAbsent(messageId: string): string {
    const state = this.#ports.deliveries.get(messageId)?.state;
    return state?.kind === 'absent'
      ? l10n.t('This did not reach OpenCode, and stands here again. {0}', state.reason)
      : l10n.t('This did not reach OpenCode. It was looked for there, and stands here again.');
  }

  async #hasArrived(sessionId: string, messageId: string): Promise<boolean> {
    const { deliveries, door } = this.#ports;
    const judged = deliveries.get(messageId);
    if (judged?.state.kind === 'absent') return false;
    if (judged !== undefined && isOpen(judged)) {
      throw new UncertainProblem(l10n.t('It is not known yet whether the prompt arrived.'));
    }
    return door.hasArrived(sessionId, messageId);
  }
}

function createQueue(
  ports: TypedPromptingPorts,
  sender: PromptSender,
  isFree: (sessionId: string) => boolean,
  giveBack: PromptQueuePorts['giveBack'],
): PromptQueue {
  const { sessions, openCode, door, deliveries } = ports;
  return new PromptQueue({
    ...ports,
    giveBack,
    onDidLeave: (listener) =>
      sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds)
          if (sessions.get(sessionId) === undefined) listener({ sessionId });
      }),
    onDidSettle: (listener) =>
      ports.onDidSettle(({ sessionId, outcome }) => outcome.kind === 'settled' && listener({ sessionId })),
    onDidFree: (listener) => {
      const subscriptions = [
        deliveries.onDidChange((entry) => !isAtWork(entry) && listener(entry)),
        ports.onDidSettle(({ sessionId, outcome }) => outcome.kind !== 'settled' && listener({ sessionId })),
      ];
      return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
    },
    send: async (sessionId, { draft, agent, model, messageId }, isPressed) =>
      sender.send(await sender.prepare(sessionId, { ...draft, agent, model }), messageId, {
        cause: 'queue',
        isPressed,
      }),
    exists: (sessionId, messageId) => door.hasArrived(sessionId, messageId),
    readiness: async (sessionId) => {
      const session = sessions.get(sessionId);
      if (session === undefined) return { kind: (await isGone(openCode, sessionId)) ? 'gone' : 'working' };
      if (!isFree(sessionId)) return { kind: 'working' };
      const { messages } = await openCode.listMessages(sessionId, { limit: 20 });
      const outcome = judgeMessages(messages, session.revert);
      if (outcome === undefined || outcome.kind === 'settled') return { kind: 'ready' };
      return { kind: 'held', reason: describeBarrier(outcome) };
    },
  });
}
