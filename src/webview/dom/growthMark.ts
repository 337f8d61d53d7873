/** Milliseconds after which a text that has not grown counts as still. */
const stillAfter = 800;

/**
 * Marks the page while text grows in it. Nothing else moves then: a spinner beside a text that visibly grows says
 * nothing more, and each frame would compute styles for it.
 */
export class GrowthMark {
  readonly #root: HTMLElement;
  #grewAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  grew(): void {
    this.#grewAt = performance.now();
    if (this.#timer !== undefined) return;
    this.#root.classList.add('growing');
    this.#wait(stillAfter);
  }

  #wait(delay: number): void {
    this.#timer = setTimeout(() => {
      const rest = this.#grewAt + stillAfter - performance.now();
      if (rest > 0) {
        this.#wait(rest);
        return;
      }
      this.#timer = undefined;
      this.#root.classList.remove('growing');
    }, delay);
  }
}
