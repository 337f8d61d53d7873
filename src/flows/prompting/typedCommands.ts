import type { KeptValues } from '../../core/ports/keptValues.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';

/** With who was to answer it, whatever agent and model the command has of its own. */
interface TypedCommand extends Pick<ComposerDraft, 'text' | 'agent' | 'model'> {
  readonly sessionId: string;
  readonly messageId: string;
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

  /** What became a message, to be sent once more; undefined where that was no command, or is not known. */
  find(messageId: string): Pick<ComposerDraft, 'text' | 'agent' | 'model'> | undefined {
    const found = this.#read().findLast((typed) => typed.messageId === messageId);
    return found && withoutUndefined({ text: found.text, agent: found.agent, model: found.model });
  }

  add(typed: TypedCommand): void {
    void this.#memento.update(key, [...this.#read(), typed].slice(-limit));
  }

  #read(): readonly TypedCommand[] {
    return this.#memento.get<readonly TypedCommand[]>(key, []);
  }
}
