/** Does something whenever it is asked for, or, while several changes are made together, one time after them. */
export class Together {
  readonly #act: () => void;
  #isHeld = false;
  #isDue = false;

  constructor(act: () => void) {
    this.#act = act;
  }

  /** Whether it was asked for and is done after the changes. */
  get isDue(): boolean {
    return this.#isDue;
  }

  act(): void {
    this.#isDue = this.#isHeld;
    if (!this.#isHeld) this.#act();
  }

  make(changes: () => void): void {
    this.#isHeld = true;
    try {
      changes();
    } finally {
      this.#isHeld = false;
      if (this.#isDue) this.act();
    }
  }
}
