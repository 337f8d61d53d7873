/** Which of its hooks a server has called, by their names. */
export class CalledHooks {
  readonly #called = new Set<string>();
  readonly #onNew: () => void;

  /** `onNew` is told when one was called that was not before. */
  constructor(onNew: () => void) {
    this.#onNew = onNew;
  }

  get names(): readonly string[] {
    return [...this.#called].toSorted();
  }

  /** The same hooks, whose calls are noted. */
  note<Hooks extends Readonly<Record<string, unknown>>>(hooks: Hooks): Hooks {
    const entries = Object.entries(hooks).map(([name, hook]) => [name, this.#noting(name, hook)] as const);
    return Object.fromEntries(entries) as Hooks;
  }

  #noting(name: string, hook: unknown): unknown {
    if (typeof hook !== 'function') return hook;
    return (...given: readonly unknown[]): unknown => {
      if (!this.#called.has(name)) {
        this.#called.add(name);
        this.#onNew();
      }
      return hook(...given) as unknown;
    };
  }
}
