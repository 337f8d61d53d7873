/** Of commands that were just asked for: which prompts the server makes of them, under ids of its own. */
export class SentCommands {
  /** Our ids, by session, in the order in which they were asked for. */
  readonly #open = new Map<string, string[]>();

  /** To be called before it is asked for. */
  begin(sessionId: string, messageId: string): void {
    this.#open.set(sessionId, [...(this.#open.get(sessionId) ?? []), messageId]);
  }

  /** The command that a prompt without marks of ours is of, if one was asked for. */
  take(sessionId: string): string | undefined {
    const [first, ...rest] = this.#open.get(sessionId) ?? [];
    if (rest.length > 0) this.#open.set(sessionId, rest);
    else this.#open.delete(sessionId);
    return first;
  }

  /** Nothing comes of it any more. */
  end(sessionId: string, messageId: string): void {
    const rest = (this.#open.get(sessionId) ?? []).filter((id) => id !== messageId);
    if (rest.length > 0) this.#open.set(sessionId, rest);
    else this.#open.delete(sessionId);
  }
}
