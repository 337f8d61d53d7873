import { Emitter } from '../event.ts';

/** The session that the user looks at: the one state that a command or a view sets by itself. */
export class CurrentSession {
  readonly #didChange = new Emitter<string | undefined>();
  #id: string | undefined;

  readonly onDidChange = this.#didChange.event;

  get id(): string | undefined {
    return this.#id;
  }

  set(sessionId: string | undefined): void {
    if (sessionId === this.#id) return;
    this.#id = sessionId;
    this.#didChange.fire(sessionId);
  }
}
