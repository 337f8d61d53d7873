import type { KeptFolds } from '../dom/host.ts';

/** So many turns are kept that are folded or open otherwise than the rest. */
const keptOthers = 500;

/** Which turns are folded to a line, by the ids of their prompts: also of those that are not here yet. */
export class TurnFolds {
  #upTo = '';
  /** Those that are otherwise than the turns up to `#upTo`, or after it. */
  #others = new Set<string>();

  /** undefined: none is folded. */
  get kept(): KeptFolds | undefined {
    if (this.#upTo === '' && this.#others.size === 0) return undefined;
    const others = [...this.#others].slice(-keptOthers);
    return this.#upTo === '' ? { others } : { upTo: this.#upTo, others };
  }

  restore({ upTo = '', others }: KeptFolds): void {
    this.#upTo = upTo;
    this.#others = new Set(others);
  }

  isFolded(promptId: string): boolean {
    return promptId <= this.#upTo !== this.#others.has(promptId);
  }

  toggle(promptId: string): void {
    if (!this.#others.delete(promptId)) this.#others.add(promptId);
  }

  /** Folds all turns up to that of a prompt, or none where there is none. */
  fold(upTo = ''): void {
    this.#upTo = upTo;
    this.#others.clear();
  }
}
