import type { FileReplacement } from '../ports/workingFiles.ts';

/** What was taken back in a folder, with all that it takes to bring it there again. */
export interface Discarded {
  readonly directory: string;
  readonly name: string;
  readonly replaced: readonly FileReplacement[];
}

/** What was discarded in this window, until it closes. */
export class Discards {
  readonly #discarded = new Map<string, Discarded>();
  #count = 0;

  /** Answers with the name by which it is found again. */
  keep(discarded: Discarded): string {
    const id = String(++this.#count);
    this.#discarded.set(id, discarded);
    return id;
  }

  /** By its name, or the latest. */
  find(id?: string): readonly [id: string, discarded: Discarded] | undefined {
    if (id === undefined) return [...this.#discarded].at(-1);
    const discarded = this.#discarded.get(id);
    return discarded && [id, discarded];
  }

  forget(id: string): void {
    this.#discarded.delete(id);
  }
}
