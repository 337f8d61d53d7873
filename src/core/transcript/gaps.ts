/**
 * Where messages are missing between those that are known, each gap by the message before it. What is missing before
 * the first known message is no gap.
 */
export class Gaps {
  readonly #after = new Set<string>();

  get isEmpty(): boolean {
    return this.#after.size === 0;
  }

  isAfter(messageId: string): boolean {
    return this.#after.has(messageId);
  }

  /**
   * A run came: messages between which none is missing. `isNew` tells which of them were not known before, `newest` is
   * the last of all that are known now. Where a run meets what was known, it has one of its messages.
   */
  join(run: readonly string[], isNew: (messageId: string) => boolean, newest: string | undefined): void {
    const last = run.at(-1);
    if (last === undefined) return;
    for (const messageId of run.slice(0, -1)) this.#after.delete(messageId);
    if (isNew(last) && last !== newest) this.#after.add(last);
  }

  /** A message is gone; what was missing after it is missing after the one that stood before it. */
  remove(messageId: string, previous: string | undefined): void {
    if (this.#after.delete(messageId) && previous !== undefined) this.#after.add(previous);
  }

  /** Messages that stood one after another are left out; `previous` stands before them. */
  cut(messageIds: readonly string[], previous: string | undefined): void {
    for (const messageId of messageIds) this.#after.delete(messageId);
    if (previous !== undefined && messageIds.length > 0) this.#after.add(previous);
  }

  clear(): void {
    this.#after.clear();
  }
}
