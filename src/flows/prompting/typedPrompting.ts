import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/openCode.ts';
import type { GivenBack, Prompting } from '../../core/prompts/prompting.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { KeptValues } from '../../core/transcript/keptValues.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import type { ComposerDraft } from '../../protocol/page.ts';
import { ComposerDrafts, type ComposerDraftsPorts } from './composerDrafts.ts';
import { findMessage } from './promptDelivery.ts';
import { PromptQueue } from './promptQueue.ts';
import { PromptSender, type PromptSenderPorts } from './promptSender.ts';
import { TypedCommands } from './typedCommands.ts';

export interface TypedPromptingPorts extends PromptSenderPorts, Pick<ComposerDraftsPorts, 'startTimer'> {
  readonly sessions: Sessions;
  readonly openCode: PromptSenderPorts['openCode'] & Pick<OpenCode, 'getMessage' | 'listMessages'>;
  readonly onDidSettle: Event<{ readonly sessionId: string; readonly outcome: Outcome }>;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  readonly memento: KeptValues;
  readonly log: Log;
}

/** What a person types for the sessions of this window: as drafts, on its way, and in the queue. */
export class TypedPrompting implements Omit<Prompting, 'waiting'>, Disposable {
  readonly #ports: TypedPromptingPorts;
  readonly #sender: PromptSender;
  readonly #didGiveBack = new Emitter<GivenBack>();
  readonly #subscription: Disposable;
  readonly drafts: ComposerDrafts;
  readonly queue: PromptQueue;
  readonly typed: TypedCommands;

  readonly onDidGiveBack = this.#didGiveBack.event;

  constructor(ports: TypedPromptingPorts) {
    this.#ports = ports;
    this.#sender = new PromptSender(ports);
    this.drafts = new ComposerDrafts(ports);
    this.typed = new TypedCommands(ports.memento);
    this.queue = createQueue(ports, this.#sender);
    this.#subscription = ports.onDidGoLive(() => void this.#resume());
  }

  /** What was typed stays kept until the server, or the queue, has it. */
  async send(
    sessionId: string,
    draft: ComposerDraft,
    mode: 'queue' | 'steer',
  ): Promise<{ readonly kept: PromptTarget | undefined }> {
    this.drafts.send(sessionId, draft);
    try {
      const kept = await this.#sendOrQueue(sessionId, draft, mode);
      this.drafts.take(sessionId, draft, kept);
      return { kept };
    } catch (error) {
      this.#ports.log.warn('Prompt was not sent', sessionId, error);
      this.drafts.putBack(sessionId, draft);
      throw error;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.queue.dispose();
    this.drafts.dispose();
    this.#didGiveBack.dispose();
  }

  async #sendOrQueue(
    sessionId: string,
    draft: ComposerDraft,
    mode: 'queue' | 'steer',
  ): Promise<PromptTarget | undefined> {
    const prepared = await this.#sender.prepare(sessionId, draft);
    const messageId = this.#sender.makeMessageId();
    this.drafts.identify(draft, messageId);
    if (this.#sender.isCommand(prepared)) this.typed.add({ sessionId, messageId, text: draft.text });
    if (mode === 'steer' || this.#ports.sessions.status(sessionId).type === 'idle') {
      await this.#sender.send(prepared, messageId);
    } else await this.queue.add(sessionId, { messageId, draft, ...prepared.target });
    return this.#sender.targetAfter(prepared);
  }

  /** After a reload or a reconnect: what was on its way is found again, either there or in its composer. */
  async #resume(): Promise<void> {
    const { openCode } = this.#ports;
    const queued = (sessionId: string) => this.queue.of(sessionId).map(({ id }) => id);
    await this.drafts.judge(
      async ({ sessionId, messageId }) =>
        queued(sessionId).includes(messageId) ||
        (await findMessage(openCode, sessionId, messageId)) !== undefined,
      ({ sessionId, draft }) =>
        this.#didGiveBack.fire({
          sessionId,
          draft,
          problem: l10n.t('This did not reach OpenCode before the window was closed.'),
        }),
    );
    await this.queue.resume();
  }
}

function createQueue(ports: TypedPromptingPorts, sender: PromptSender): PromptQueue {
  return new PromptQueue({
    ...ports,
    onDidSettle: (listener) =>
      ports.onDidSettle(({ sessionId, outcome }) => outcome.kind === 'settled' && listener({ sessionId })),
    send: async (sessionId, { draft, agent, model, messageId }) =>
      sender.send(await sender.prepare(sessionId, { ...draft, agent, model }), messageId),
    exists: async (sessionId, messageId) =>
      (await findMessage(ports.openCode, sessionId, messageId)) !== undefined,
    isSettled: async (sessionId) => {
      const session = ports.sessions.get(sessionId);
      if (session === undefined || ports.sessions.status(sessionId).type !== 'idle') return false;
      const { messages } = await ports.openCode.listMessages(sessionId, { limit: 20 });
      return judgeMessages(messages, session.revert)?.kind === 'settled';
    },
  });
}
