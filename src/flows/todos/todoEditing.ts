import { Emitter, type Disposable } from '../../core/event.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import {
  addTodo,
  changeTodos,
  isUntold,
  moveTodos,
  removeTodos,
  takeBackTodos,
  type TodoReference,
  type TodosEdit,
} from '../../core/todos/editTodos.ts';
import { isNothing, noWishes, settleTodos, type ShownTodo, showTodos } from '../../core/todos/shownTodos.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { Todo } from '../../protocol/records.ts';
import type { TodoRecord } from './todoRecord.ts';

export interface TodoEditingPorts {
  readonly openCode: Pick<OpenCode, 'abilities' | 'getSession' | 'listTodos'>;
  readonly sessions: Pick<Sessions, 'get' | 'onDidChange' | 'title'>;
  readonly todos: Pick<TodoStore, 'get' | 'isWanting' | 'load' | 'onDidChange'>;
  readonly record: TodoRecord;
  readonly ids: IdSource;
  readonly log: Log;
}

/**
 * What a person changes in the todos of sessions. No server writes todos but for an agent's tool, so that a change is kept
 * with the session until the agent's list says it, and what is shown meanwhile is what will be.
 */
export class TodoEditing implements Disposable {
  readonly #ports: TodoEditingPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  /** What was wanted of the todos of each session: a session that works changes many times a second. */
  readonly #known = new Map<string, string>();
  readonly #subscriptions: readonly Disposable[];

  readonly onDidChange = this.#didChange.event;

  constructor(ports: TodoEditingPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      this.#didChange,
      ports.todos.onDidChange(({ sessionId }) => this.#heard(sessionId)),
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#changed(sessionId);
      }),
    ];
  }

  /** The todos as they will be; undefined: the agent's list is not loaded. */
  shown(sessionId: string): readonly ShownTodo[] | undefined {
    const list = this.#ports.todos.get(sessionId);
    const session = this.#ports.sessions.get(sessionId);
    if (list === undefined) return undefined;
    return showTodos(list, session === undefined ? noWishes : this.#ports.record.of(session));
  }

  add(sessionId: string, todo: Todo): Promise<void> {
    return this.#edit(sessionId, addTodo(makeMessageId(this.#ports.ids), todo));
  }

  change(sessionId: string, references: readonly TodoReference[], change: Partial<Todo>): Promise<void> {
    return this.#edit(sessionId, changeTodos(references, this.#idsFor(references), change));
  }

  remove(sessionId: string, references: readonly TodoReference[]): Promise<void> {
    return this.#edit(sessionId, removeTodos(references, this.#idsFor(references)));
  }

  move(
    sessionId: string,
    references: readonly TodoReference[],
    before: TodoReference | undefined,
  ): Promise<void> {
    return this.#edit(sessionId, moveTodos(references, before));
  }

  takeBack(sessionId: string, references: readonly TodoReference[]): Promise<void> {
    return this.#edit(sessionId, takeBackTodos(references));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #idsFor(references: readonly TodoReference[]): readonly string[] {
    return references.map(() => makeMessageId(this.#ports.ids));
  }

  async #edit(sessionId: string, edit: TodosEdit): Promise<void> {
    const { openCode, record, sessions, todos, ids } = this.#ports;
    if (!openCode.abilities.todos) throw new Problem(l10n.t('This version of OpenCode has no todos.'));
    const session = await openCode.getSession(sessionId);
    if (isArchived(session)) {
      throw new Problem(
        l10n.t('“{0}” is archived. Take it out of the archive to change its todos.', sessions.title(session)),
      );
    }
    if (todos.isWanting(sessionId)) todos.load(sessionId, await openCode.listTodos(sessionId));
    const note = makeMessageId(ids);
    await record.wish(sessionId, (before) => {
      const wanted = edit(todos.get(sessionId) ?? [], before);
      // What is told from here on is another message than what was told before.
      return isUntold(wanted) && !isUntold(before) ? { ...wanted, note } : wanted;
    });
  }

  #heard(sessionId: string): void {
    this.#didChange.fire({ sessionId });
    this.#settle(sessionId);
  }

  #changed(sessionId: string): void {
    const { sessions, record, log } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined) return void this.#known.delete(sessionId);
    const words = JSON.stringify(record.of(session));
    if ((this.#known.get(sessionId) ?? noWords) === words) return;
    this.#known.set(sessionId, words);
    record
      .heed(session)
      .catch((error: unknown) => log.warn('Edits of todos could not be kept.', sessionId, error));
    if (this.#ports.todos.get(sessionId) !== undefined) this.#didChange.fire({ sessionId });
    this.#settle(sessionId);
  }

  /** What the agent's list says by now is wanted no more: what the agent makes of it later is the agent's. */
  #settle(sessionId: string): void {
    const { sessions, record, todos, log } = this.#ports;
    const session = sessions.get(sessionId);
    const list = todos.get(sessionId);
    if (session === undefined || list === undefined || todos.isWanting(sessionId)) return;
    const wanted = record.of(session);
    if (isNothing(wanted) || isSettled(list, wanted)) return;
    record
      .change(sessionId, (before) => settleTodos(todos.get(sessionId) ?? list, before))
      .catch((error: unknown) => log.warn('Edits of todos could not be settled.', sessionId, error));
  }
}

const noWords = JSON.stringify(noWishes);

/** Whether the list says nothing of what is wanted. */
function isSettled(list: readonly Todo[], wanted: Parameters<typeof settleTodos>[1]): boolean {
  const { edits, order } = settleTodos(list, wanted);
  return edits.length === wanted.edits.length && (order === undefined) === (wanted.order === undefined);
}
