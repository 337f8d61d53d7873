export interface Disposable {
  dispose(): void;
}

/** Subscribes a listener; disposing the answer unsubscribes it. Fits where `vscode.Event` is asked for. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells its listeners, in the order in which they came. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { dispose: () => this.#listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const entry of this.#listeners) entry.call(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Tells each time that the state begins to be so. */
export function whenever<State>(onDidChange: Event<State>, isSo: (state: State) => boolean): Event<void> {
  return (listener) => {
    let was = false;
    return onDidChange((state) => {
      const begins = !was && isSo(state);
      was = isSo(state);
      if (begins) listener();
    });
  };
}
