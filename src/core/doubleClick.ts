/** How long two clicks may be apart, in milliseconds, as desktops have it. */
const longest = 500;

/** Tells the second of two quick activations of the same thing: trees of the editor only tell each one. */
export class DoubleClick {
  readonly #now: () => number;
  #last: { readonly id: string; readonly time: number } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  isSecond(id: string): boolean {
    const time = this.#now();
    const isSecond = this.#last?.id === id && time - this.#last.time <= longest;
    this.#last = isSecond ? undefined : { id, time };
    return isSecond;
  }
}
