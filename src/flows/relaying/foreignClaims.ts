import type { RelayLeg } from '../../protocol/pending.ts';

type Claim = RelayLeg['state'] & { readonly kind: 'sending' };

/** The claims of other windows that were met. Clocks are not compared: one that stays as it is is counted as given up. */
export class ForeignClaims {
  readonly #met = new Map<string, string>();

  /** Whether the claim of a leg is still what it was when it was met before, so long ago that its window is taken to be gone. */
  isRunOut(messageId: string, { window, time }: Claim): boolean {
    const claim = `${window} ${time}`;
    const isKnown = this.#met.get(messageId) === claim;
    if (isKnown) this.#met.delete(messageId);
    else this.#met.set(messageId, claim);
    return isKnown;
  }
}
