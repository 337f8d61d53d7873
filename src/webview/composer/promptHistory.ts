/** The prompts sent before, newest last, to step through with ↑ and ↓; the draft waits at the end. */
export class PromptHistory {
  readonly #source: () => readonly string[];
  /** The prompts of a walk that has begun. */
  #prompts: readonly string[] | undefined;
  #at = 0;
  #draft = '';
  /** The draft of a walk that ended elsewhere: nothing that was typed is lost. */
  #left: string | undefined;

  constructor(source: () => readonly string[]) {
    this.#source = source;
  }

  /** The prompt before, given what stands there; undefined at the first. */
  back(text: string): string | undefined {
    if (this.#prompts === undefined) {
      const prompts = this.#source();
      const left = this.#left;
      const isOffered = left !== undefined && left !== text && !prompts.includes(left);
      this.#prompts = isOffered ? [...prompts, left] : prompts;
      this.#at = this.#prompts.length;
      this.#draft = text;
    }
    if (this.#at === 0) return undefined;
    this.#at -= 1;
    return this.#prompts[this.#at];
  }

  /** The prompt after, at the end the draft; undefined if the walk has not begun. */
  forward(): string | undefined {
    if (this.#prompts === undefined || this.#at >= this.#prompts.length) return undefined;
    this.#at += 1;
    return this.#at === this.#prompts.length ? this.#draft : this.#prompts[this.#at];
  }

  /** Ends the walk: what stands there is a draft of its own. */
  leave(): void {
    const isElsewhere = this.#prompts !== undefined && this.#at < this.#prompts.length;
    if (isElsewhere && this.#draft.trim() !== '') this.#left = this.#draft;
    this.#prompts = undefined;
  }
}
