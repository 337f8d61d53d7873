import { Emitter, type Disposable } from '../../core/event.ts';
import type { WaitingPrompts } from '../../core/prompts/prompting.ts';
import type { PendingPrompts } from '../../core/prompts/pendingPrompts.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { QueuedPrompt } from '../../protocol/page/composer.ts';
import type { PromptQueue } from './promptQueue.ts';
import type { PromptsUnderWay } from './promptsUnderWay.ts';

/** All that waits in the sessions: what is under way, what was typed in this window, then what waits on the server. */
export class WaitingList implements WaitingPrompts, Disposable {
  readonly #underWay: Pick<PromptsUnderWay, 'of' | 'why' | 'onDidChange'>;
  readonly #queue: PromptQueue;
  readonly #pending: PendingPrompts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #subscriptions: readonly Disposable[];

  readonly onDidChange = this.#didChange.event;

  constructor(
    underWay: Pick<PromptsUnderWay, 'of' | 'why' | 'onDidChange'>,
    queue: PromptQueue,
    pending: PendingPrompts,
  ) {
    this.#underWay = underWay;
    this.#queue = queue;
    this.#pending = pending;
    this.#subscriptions = [underWay, queue, pending].map(({ onDidChange }) =>
      onDidChange((change) => this.#didChange.fire(change)),
    );
  }

  of(sessionId: string): readonly QueuedPrompt[] {
    const lists = [this.#underWay, this.#queue, this.#pending];
    return lists.flatMap((list) => list.of(sessionId)).map((prompt) => this.#explain(prompt));
  }

  edit(sessionId: string, id: string, text: string): Promise<void> {
    return this.#keeper(sessionId, id).edit(sessionId, id, text);
  }

  remove(sessionId: string, id: string): Promise<void> {
    return this.#keeper(sessionId, id).remove(sessionId, id);
  }

  sendNow(sessionId: string, id: string): Promise<void> {
    return this.#queue.sendNow(sessionId, id);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  /** Whoever lists a prompt need not know what holds it on its way. */
  #explain(prompt: QueuedPrompt): QueuedPrompt {
    return withoutUndefined({ ...prompt, why: prompt.why ?? this.#underWay.why(prompt.id) });
  }

  #keeper(sessionId: string, id: string): Pick<PendingPrompts, 'edit' | 'remove'> {
    return this.#pending.of(sessionId).some((prompt) => prompt.id === id) ? this.#pending : this.#queue;
  }
}
