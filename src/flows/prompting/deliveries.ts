import { Emitter, type Disposable } from '../../core/event.ts';
import {
  type DeliveryEntry,
  type DeliveryState,
  isAtWork,
  isOpen,
  withoutWord,
} from '../../core/prompts/delivery.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';

const key = 'prompting.deliveries';
/** So many prompts are kept, those sent last; one whose fate is open is kept in any case. */
const limit = 200;

/**
 * What is known of the prompts of this window, kept over reloads: it is written down before a prompt is sent, so that
 * one whose fate nobody saw is looked for and not sent again.
 */
export class Deliveries implements Disposable {
  readonly #memento: KeptValues;
  readonly #entries: Map<string, DeliveryEntry>;
  readonly #didChange = new Emitter<DeliveryEntry>();

  /** After each step of a prompt. */
  readonly onDidChange = this.#didChange.event;

  constructor(memento: KeptValues) {
    this.#memento = memento;
    const kept = memento.get<readonly DeliveryEntry[]>(key, []);
    // What only waited when a window ended was never sent.
    const sent = kept.filter(({ state }) => state.kind !== 'waiting');
    this.#entries = new Map(sent.map((entry) => [entry.messageId, afterReload(entry)]));
  }

  get(messageId: string): DeliveryEntry | undefined {
    return this.#entries.get(messageId);
  }

  /** In the order in which they were written. */
  all(): readonly DeliveryEntry[] {
    return [...this.#entries.values()];
  }

  of(sessionId: string): readonly DeliveryEntry[] {
    return this.all().filter((entry) => entry.sessionId === sessionId);
  }

  /** Whether a prompt of this window makes the session work, also where the server has not said yet that it does. */
  isAtWork(sessionId: string): boolean {
    return this.of(sessionId).some(isAtWork);
  }

  /** Whether the session holds a prompt whose turn has not been seen to begin, or may hold it at any moment. */
  isAboutToRun(sessionId: string): boolean {
    return this.of(sessionId).some(
      ({ cause, state }) =>
        cause !== 'tell' &&
        (state.kind === 'stored' || (state.kind === 'unknown' && state.isAccepted === true)),
    );
  }

  write(entry: DeliveryEntry): void {
    this.#entries.delete(entry.messageId);
    this.#entries.set(entry.messageId, entry);
    this.#changed(entry);
  }

  /** Says what became of a prompt that was written. */
  set(messageId: string, state: DeliveryState): void {
    const entry = this.#entries.get(messageId);
    if (entry === undefined) return;
    const changed = { ...entry, state };
    this.#entries.set(messageId, changed);
    this.#changed(changed);
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #changed(entry: DeliveryEntry): void {
    this.#keep();
    this.#didChange.fire(entry);
  }

  #keep(): void {
    const surplus = this.all().filter((entry) => !isOpen(entry));
    for (const { messageId } of surplus.slice(0, Math.max(0, this.#entries.size - limit))) {
      this.#entries.delete(messageId);
    }
    void this.#memento.update(key, this.all());
  }
}

/** What was on its way when a window ended may have arrived. */
function afterReload(entry: DeliveryEntry): DeliveryEntry {
  return isOpen(entry) ? { ...entry, state: withoutWord(entry.state) } : entry;
}
