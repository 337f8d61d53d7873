import type { DraftOffer } from '../../core/continuation/drafts/drafts.ts';
import type { Disposable, Event } from '../../core/event.ts';

export interface DraftOfferPorts {
  /** Throws while there is no server. */
  readonly load: (directory: string) => Promise<DraftOffer>;
  /** What was loaded may differ from here on: another server, or the same one again. */
  readonly onDidChange: Event<unknown>;
}

/** What the server offers in each directory, asked for once and again after it changed. */
export class DraftOffers implements Disposable {
  readonly #ports: DraftOfferPorts;
  readonly #offers = new Map<string, Promise<DraftOffer | undefined>>();
  readonly #subscription: Disposable;

  constructor(ports: DraftOfferPorts) {
    this.#ports = ports;
    this.#subscription = ports.onDidChange(() => this.forget());
  }

  /** undefined while there is no server to ask: then a draft is not judged by it. */
  async get(directory: string): Promise<DraftOffer | undefined> {
    const known = this.#offers.get(directory);
    if (known !== undefined) return known;
    const asked = this.#ports.load(directory).catch(() => {
      this.#offers.delete(directory);
      return undefined;
    });
    this.#offers.set(directory, asked);
    return asked;
  }

  /** Asks again next time: agents are files that people edit. */
  forget(): void {
    this.#offers.clear();
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
