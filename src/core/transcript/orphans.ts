import type { Part } from '../../protocol/records.ts';

/** Parts whose message did not come yet are kept for so many messages. */
const limit = 32;

/** Parts that came before their message. */
export class Orphans {
  readonly #parts = new Map<string, readonly Part[]>();

  keep(part: Part): void {
    const others = (this.#parts.get(part.messageID) ?? []).filter(({ id }) => id !== part.id);
    this.#parts.set(part.messageID, [...others, part]);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > limit && oldest !== undefined) this.#parts.delete(oldest);
  }

  /** The parts of a message, which are no orphans from then on. */
  take(messageId: string): readonly Part[] {
    const parts = this.#parts.get(messageId) ?? [];
    this.#parts.delete(messageId);
    return parts;
  }

  remove(messageId: string, partId: string): void {
    const parts = this.#parts.get(messageId);
    if (parts === undefined) return;
    this.#parts.set(
      messageId,
      parts.filter(({ id }) => id !== partId),
    );
  }
}
