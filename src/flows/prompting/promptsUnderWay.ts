import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { DeliveryEntry } from '../../core/prompts/delivery.ts';
import type { QueuedPrompt } from '../../protocol/page/composer.ts';
import type { Deliveries } from './deliveries.ts';

export interface PromptsUnderWayPorts {
  readonly deliveries: Pick<Deliveries, 'of' | 'get' | 'onDidChange'>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
}

/** A prompt that is on its way for longer than this is shown, in milliseconds: most are there before. */
const lateAfter = 1000;

/** The prompts that a person would look for in vain: they wait for what holds the session, are late, or are unknown. */
export class PromptsUnderWay implements Disposable {
  readonly #ports: PromptsUnderWayPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #subscription: Disposable;
  readonly #late = new Set<string>();
  readonly #timers = new Map<string, Disposable>();

  readonly onDidChange: Event<{ readonly sessionId: string }> = this.#didChange.event;

  constructor(ports: PromptsUnderWayPorts) {
    this.#ports = ports;
    this.#subscription = ports.deliveries.onDidChange((entry) => this.#apply(entry));
  }

  /** In the order in which they were sent. */
  of(sessionId: string): readonly QueuedPrompt[] {
    return this.#ports.deliveries.of(sessionId).flatMap((entry) => {
      const why = isListedElsewhere(entry) ? undefined : this.#describe(entry);
      if (why === undefined) return [];
      const { messageId, text, agent } = entry;
      return [{ id: messageId, text, agent, sending: true, why }];
    });
  }

  /** What a prompt waits for or what is not known of it, as a sentence, also of one that somebody else lists. */
  why(messageId: string): string | undefined {
    const entry = this.#ports.deliveries.get(messageId);
    return entry && this.#describe(entry);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const timer of this.#timers.values()) timer.dispose();
    this.#didChange.dispose();
  }

  #apply({ messageId, sessionId, state }: DeliveryEntry): void {
    const isOnItsWay = state.kind === 'sending' || state.kind === 'accepted';
    if (isOnItsWay && !this.#timers.has(messageId)) this.#watch(messageId, sessionId);
    if (!isOnItsWay) this.#forget(messageId);
    this.#didChange.fire({ sessionId });
  }

  #watch(messageId: string, sessionId: string): void {
    const timer = this.#ports.startTimer(() => {
      this.#late.add(messageId);
      this.#didChange.fire({ sessionId });
    }, lateAfter);
    this.#timers.set(messageId, timer);
  }

  #forget(messageId: string): void {
    this.#timers.get(messageId)?.dispose();
    this.#timers.delete(messageId);
    this.#late.delete(messageId);
  }

  /** undefined: it is not to be shown. */
  #describe({ messageId, state }: DeliveryEntry): string | undefined {
    switch (state.kind) {
      case 'waiting':
        return state.reason;
      case 'sending':
      case 'accepted':
        return this.#late.has(messageId) ? l10n.t('On its way to OpenCode…') : undefined;
      case 'unknown':
        if (state.isAccepted === true) {
          return l10n.t(
            'OpenCode took this, but does not hold it yet; a plugin may be at work on it. It is looked for by itself, and is not sent again before that.',
          );
        }
        return l10n.t(
          'It is not known yet whether this reached OpenCode. It is looked for by itself, and is not sent again before that.',
        );
      case 'absent':
      case 'stored':
      case 'started':
      case 'ended':
        return undefined;
    }
  }
}

/** The queue and the pending relays list their prompts themselves. */
function isListedElsewhere({ cause }: DeliveryEntry): boolean {
  return cause === 'queue' || cause === 'relay';
}
