import type { QueuedPrompt } from '../../protocol/page/composer.ts';
import { Emitter, type Disposable, type Event } from '../event.ts';
import type { Proof } from '../ports/proof.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { readRelays } from '../turns/relayProof.ts';

/** Prompts that wait in a session and that somebody else sends. */
export interface PendingPrompts {
  readonly onDidChange: Event<{ readonly sessionId: string }>;
  of(sessionId: string): readonly QueuedPrompt[];
  edit(sessionId: string, id: string, text: string): Promise<void>;
  remove(sessionId: string, id: string): Promise<void>;
}

export interface PendingRelaysPorts {
  readonly sessions: Pick<Sessions, 'get' | 'onDidChange'>;
  readonly proof: Proof;
  /** Why the first one waits although its turn has come, as a sentence. */
  readonly why: (sessionId: string) => string | undefined;
  readonly onDidChangeWhy: Event<{ readonly sessionId: string }>;
  readonly edit: (sessionId: string, messageId: string, change: { readonly text: string }) => Promise<void>;
  readonly cancel: (sessionId: string, messageIds: readonly string[]) => Promise<void>;
}

/** The pending relays of the sessions, as what waits below a transcript. */
export class RelayPrompts implements PendingPrompts, Disposable {
  readonly #ports: PendingRelaysPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #subscriptions: readonly Disposable[];
  /** What was told last, of sessions in which something waited. */
  readonly #told = new Map<string, string>();

  readonly onDidChange = this.#didChange.event;

  constructor(ports: PendingRelaysPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#update(sessionId);
      }),
      ports.onDidChangeWhy(({ sessionId }) => this.#update(sessionId)),
    ];
  }

  of(sessionId: string): readonly QueuedPrompt[] {
    const { sessions, proof } = this.#ports;
    const session = sessions.get(sessionId);
    const legs = session === undefined ? [] : (readRelays(proof, session)?.legs ?? []);
    const why = this.#ports.why(sessionId);
    return legs.map(({ messageId, text, agent, state }, index) => ({
      id: messageId,
      text,
      agent,
      relay: state.kind === 'held' ? { held: state.reason } : {},
      ...(state.kind === 'sending' ? { sending: true } : {}),
      ...(index === 0 && why !== undefined ? { why } : {}),
    }));
  }

  async edit(sessionId: string, id: string, text: string): Promise<void> {
    await this.#ports.edit(sessionId, id, { text });
  }

  async remove(sessionId: string, id: string): Promise<void> {
    await this.#ports.cancel(sessionId, [id]);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  #update(sessionId: string): void {
    const prompts = this.of(sessionId);
    const text = prompts.length === 0 ? '' : JSON.stringify(prompts);
    if ((this.#told.get(sessionId) ?? '') === text) return;
    if (text === '') this.#told.delete(sessionId);
    else this.#told.set(sessionId, text);
    this.#didChange.fire({ sessionId });
  }
}
