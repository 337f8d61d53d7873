/** So many events are known again when they come once more. */
const kept = 2000;

/** The events that a window heard, over all streams: none is to be followed twice. */
export class SeenEvents {
  readonly #ids = new Set<string>();

  /** Whether it is heard for the first time; of one without an id that is not known. */
  note(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > kept && oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }
}
