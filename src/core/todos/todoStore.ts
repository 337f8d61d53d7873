import { Emitter } from '../event.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Todo } from '../../protocol/records.ts';
import { isSame } from '../isSame.ts';
import type { ServerSink } from '../ports/serverSink.ts';

/** The todo lists that were asked for, kept up to date by the server's events. */
export class TodoStore implements ServerSink {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #todos = new Map<string, readonly Todo[]>();
  /** The lists that may have become others since the stream broke. */
  readonly #old = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  /** undefined: not loaded. What was known before the stream broke is told until it is known anew. */
  get(sessionId: string): readonly Todo[] | undefined {
    return this.#todos.get(sessionId);
  }

  /** Whether the server is to be asked for the list. */
  isWanting(sessionId: string): boolean {
    return !this.#todos.has(sessionId) || this.#old.has(sessionId);
  }

  /** Takes a list that the server was asked for, unless an event brought a later one meanwhile. */
  load(sessionId: string, todos: readonly Todo[]): void {
    if (this.isWanting(sessionId)) this.#set(sessionId, todos);
  }

  reset(): void {
    const known = [...this.#todos.keys()];
    for (const sessionId of known) this.#old.add(sessionId);
    for (const sessionId of known) this.#didChange.fire({ sessionId });
  }

  apply(event: ServerEvent): void {
    if (event.type === 'todo.updated') this.#set(event.properties.sessionID, event.properties.todos);
    if (event.type === 'session.deleted') this.#forget(event.properties.info.id);
  }

  #forget(sessionId: string): void {
    this.#todos.delete(sessionId);
    this.#old.delete(sessionId);
  }

  #set(sessionId: string, todos: readonly Todo[]): void {
    const isNews = !isSame(this.#todos.get(sessionId), todos);
    this.#todos.set(sessionId, todos);
    this.#old.delete(sessionId);
    if (isNews) this.#didChange.fire({ sessionId });
  }
}
