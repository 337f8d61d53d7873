import type { Disposable } from '../../core/event.ts';
import { type DeliveryEntry, isOpen } from '../../core/prompts/delivery.ts';
import { type LedgerStore, toLedgerLine } from '../../core/prompts/ledger.ts';
import type { Deliveries } from '../prompting/deliveries.ts';

export interface LedgerWriterPorts {
  readonly deliveries: Pick<Deliveries, 'all' | 'onDidChange'>;
  readonly store: Pick<LedgerStore, 'append'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Keeps an account of what goes through the door of this window, or of this companion, step by step. */
export class LedgerWriter implements Disposable {
  readonly #ports: LedgerWriterPorts;
  readonly #subscription: Disposable;

  constructor(ports: LedgerWriterPorts) {
    this.#ports = ports;
    // What was on its way when the window ended is known no more.
    for (const entry of ports.deliveries.all()) if (isOpen(entry)) this.record(entry);
    this.#subscription = ports.deliveries.onDidChange((entry) => this.record(entry));
  }

  /** Keeps what is known of a prompt at this moment. */
  record(entry: DeliveryEntry): void {
    const line = toLedgerLine(entry, this.#ports.now());
    if (line !== undefined) this.#ports.store.append(line);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
