import { Heights } from './heights.ts';

/** The rows of a list in their order, how high each is as far as that is known, and how many elements it has. */
export class RowPlaces {
  readonly heights = new Heights();
  /** By key, in pixels. */
  readonly #measured = new Map<string, number>();
  /** How many elements rows have, or had when they were in the document. */
  readonly #sizes = new Map<string, number>();
  #keys: readonly string[] = [];
  #indexes = new Map<string, number>();

  get keys(): readonly string[] {
    return this.#keys;
  }

  indexOf(key: string): number | undefined {
    return this.#indexes.get(key);
  }

  has(key: string): boolean {
    return this.#indexes.has(key);
  }

  /** Takes these rows for all; `estimate` says about how high one is that was never measured. */
  set(keys: readonly string[], estimate: (key: string) => number): void {
    this.#keys = keys;
    this.#indexes = new Map(keys.map((key, index) => [key, index]));
    this.heights.reset(keys.map((key) => this.#measured.get(key) ?? estimate(key)));
  }

  /** A row is about as high as it is estimated from here on. */
  forget(key: string): void {
    this.#measured.delete(key);
  }

  isMeasured(key: string): boolean {
    return this.#measured.has(key);
  }

  /** Takes the height of a row; false: it is not another one than before. */
  measure(key: string, height: number): boolean {
    const index = this.#indexes.get(key);
    if (index === undefined) return false;
    this.#measured.set(key, height);
    if (Math.abs(this.heights.get(index) - height) < 0.01) return false;
    this.heights.set(index, height);
    return true;
  }

  count(key: string, elements: number): void {
    this.#sizes.set(key, elements);
  }

  sizeAt(index: number): number {
    return this.#sizes.get(this.#keys[index] ?? '') ?? 0;
  }
}
