import type { KeptValues } from '../../core/ports/keptValues.ts';

interface TypedCommand {
  readonly sessionId: string;
  readonly messageId: string;
  readonly text: string;
}

const key = 'transcript.commands';
const limit = 300;

/**
 * What was typed of commands and shell commands, by the messages that they became, kept over reloads: of a command a
 * server may store only its template with the arguments in it, which nobody wants to send again.
 */
export class TypedCommands {
  readonly #memento: KeptValues;

  constructor(memento: KeptValues) {
    this.#memento = memento;
  }

  /** The texts by message id. */
  of(sessionId: string): Readonly<Record<string, string>> {
    const own = this.#read().filter((typed) => typed.sessionId === sessionId);
    return Object.fromEntries(own.map(({ messageId, text }) => [messageId, text]));
  }

  add(typed: TypedCommand): void {
    void this.#memento.update(key, [...this.#read(), typed].slice(-limit));
  }

  #read(): readonly TypedCommand[] {
    return this.#memento.get<readonly TypedCommand[]>(key, []);
  }
}
