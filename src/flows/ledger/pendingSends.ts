import { Emitter, type Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { PendingPrompts } from '../../core/prompts/pendingPrompts.ts';
import type { ListedDelivery } from '../../core/prompts/listedDelivery.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { describeHold, type Hold } from '../../core/state/hold.ts';
import { timeOfMessageId } from '../../core/turns/messageId.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import type { PromptQueue } from '../prompting/promptQueue.ts';
import { causeOf } from '../relaying/relayLegs.ts';
import type { Relays } from '../relaying/relay.ts';

export interface PendingSendsPorts {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly relays: Pick<Relays, 'pending' | 'why'>;
  /** The same relays, as something that tells of its changes. */
  readonly pending: Pick<PendingPrompts, 'onDidChange'>;
  readonly queue: Pick<PromptQueue, 'of' | 'sessionIds' | 'onDidChange'>;
  readonly hold: Hold;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What waits to be sent without anybody's Send, in the sessions of this window: relays, and the prompts that it queues. */
export class PendingSends implements Disposable {
  readonly #ports: PendingSendsPorts;
  readonly #didChange = new Emitter<void>();
  readonly #subscriptions: readonly Disposable[];
  /** The sessions in which relays wait. */
  readonly #relaying = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  constructor(ports: PendingSendsPorts) {
    this.#ports = ports;
    const tell = (): void => this.#didChange.fire();
    this.#subscriptions = [
      ports.pending.onDidChange(({ sessionId }) => {
        if (ports.relays.pending(sessionId).length > 0) this.#relaying.add(sessionId);
        else this.#relaying.delete(sessionId);
        tell();
      }),
      ports.queue.onDidChange(tell),
      ports.hold.onDidChange(tell),
    ];
  }

  /** In each session in the order in which they go. */
  all(): readonly ListedDelivery[] {
    return [
      ...[...this.#relaying].flatMap((sessionId) => this.#relays(sessionId)),
      ...this.#ports.queue.sessionIds.flatMap((sessionId) => this.#queued(sessionId)),
    ];
  }

  /** How many go by themselves once nothing is in their way; a relay that waits for a person does not. */
  get count(): number {
    return this.all().filter(({ pending }) => pending !== 'heldRelay').length;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  #relays(sessionId: string): readonly ListedDelivery[] {
    const { sessions, relays } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined) return [];
    const why = relays.why(sessionId);
    return relays
      .pending(sessionId)
      .map((leg, index) => this.#toListed(session, leg, index === 0 ? why : undefined));
  }

  #toListed(session: Session, leg: RelayLeg, why: string | undefined): ListedDelivery {
    const { messageId, agent, text, time } = leg;
    const { cause, by, source } = causeOf(session, leg);
    return {
      messageId,
      sessionId: session.id,
      directory: session.directory,
      cause,
      by,
      source,
      agent,
      text,
      time,
      state: this.#stateOf(leg, why),
      pending: leg.state.kind === 'held' ? 'heldRelay' : 'relay',
    };
  }

  #stateOf({ state }: RelayLeg, why: string | undefined): ListedDelivery['state'] {
    if (state.kind === 'sending') return { kind: 'sending' };
    if (state.kind === 'held') return { kind: 'waiting', reason: state.reason };
    return { kind: 'waiting', reason: this.#orHeld(why ?? l10n.t('It waits until the turn has settled.')) };
  }

  /** What else it waits for matters only once Stop All is released. */
  #orHeld(reason: string): string {
    return this.#ports.hold.isHeld() ? describeHold() : reason;
  }

  #queued(sessionId: string): readonly ListedDelivery[] {
    const { sessions, queue, now } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined) return [];
    return queue.of(sessionId).map(({ id, agent, text, sending, why }) => ({
      messageId: id,
      sessionId,
      directory: session.directory,
      cause: 'queue',
      agent,
      text,
      time: timeOfMessageId(id, now()) ?? now(),
      state:
        sending === true
          ? { kind: 'sending' }
          : { kind: 'waiting', reason: this.#orHeld(why ?? l10n.t('It waits until the turn has settled.')) },
      pending: 'queue',
    }));
  }
}
