import { Emitter } from '../event.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Todo } from '../../protocol/records.ts';
import type { ServerSink } from '../serverSink.ts';

/** The todo lists that were asked for, kept up to date by the server's events. */
export class TodoStore implements ServerSink {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #todos = new Map<string, readonly Todo[]>();

  readonly onDidChange = this.#didChange.event;

  /** undefined: not loaded. */
  get(sessionId: string): readonly Todo[] | undefined {
    return this.#todos.get(sessionId);
  }

  /** Takes a list that the server was asked for, unless an event brought a later one meanwhile. */
  load(sessionId: string, todos: readonly Todo[]): void {
    if (!this.#todos.has(sessionId)) this.#set(sessionId, todos);
  }

  reset(): void {
    const known = [...this.#todos.keys()];
    this.#todos.clear();
    for (const sessionId of known) this.#didChange.fire({ sessionId });
  }

  apply(event: ServerEvent): void {
    if (event.type === 'todo.updated') this.#set(event.properties.sessionID, event.properties.todos);
    if (event.type === 'session.deleted') this.#todos.delete(event.properties.info.id);
  }

  #set(sessionId: string, todos: readonly Todo[]): void {
    this.#todos.set(sessionId, todos);
    this.#didChange.fire({ sessionId });
  }
}
