/** The heights of rows in pixels, by index, and where each begins. */
export class Heights {
  #heights: number[] = [];
  /** `#tops[i]` is where row i begins; valid up to `#validUpTo`. */
  #tops: number[] = [0];
  #validUpTo = 0;

  get count(): number {
    return this.#heights.length;
  }

  get total(): number {
    return this.top(this.#heights.length);
  }

  reset(heights: readonly number[]): void {
    this.#heights = [...heights];
    this.#tops = [0];
    this.#validUpTo = 0;
  }

  get(index: number): number {
    return this.#heights[index] ?? 0;
  }

  set(index: number, height: number): void {
    this.#heights[index] = height;
    this.#validUpTo = Math.min(this.#validUpTo, index);
  }

  /** Where row `index` begins; with the count of rows, where the last one ends. */
  top(index: number): number {
    for (let next = this.#validUpTo; next < index; next += 1) {
      this.#tops[next + 1] = (this.#tops[next] ?? 0) + (this.#heights[next] ?? 0);
    }
    this.#validUpTo = Math.max(this.#validUpTo, index);
    return this.#tops[index] ?? 0;
  }

  /** The row at `offset`, or the nearest. */
  indexAt(offset: number): number {
    let low = 0;
    let high = Math.max(0, this.#heights.length - 1);
    this.top(this.#heights.length);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
