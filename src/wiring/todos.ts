import { addTodo } from '../commands/todo/addTodo.ts';
import { editTodo, markTodo, prioritizeTodo, toggleTodo } from '../commands/todo/editTodo.ts';
import { moveTodo } from '../commands/todo/moveTodo.ts';
import { removeTodo, takeBackTodo } from '../commands/todo/removeTodo.ts';
import { whenLive } from '../commands/whenLive.ts';
import type { Disposable } from '../core/event.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import { loadTodos } from '../core/todos/loadTodos.ts';
import { makeMessageId } from '../core/turns/messageId.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { Relays } from '../flows/relaying/relay.ts';
import { TodoEditing } from '../flows/todos/todoEditing.ts';
import { TodoRecord } from '../flows/todos/todoRecord.ts';
import { TodoTelling } from '../flows/todos/todoTelling.ts';
import type { CommandId } from '../manifest.ts';
import type { CompanionRoom } from './companion.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface TodosInput {
  readonly stores: Stores;
  readonly prompting: Pick<PromptingRoom, 'flow'>;
  readonly continuation: { readonly relays: Relays };
  readonly companion: Pick<CompanionRoom, 'companions'>;
}

/** What people change in the todos of sessions, and how their agents come to know. */
export function createTodos({
  stores,
  prompting: { flow },
  continuation: { relays },
  companion,
}: TodosInput): Disposable & { readonly editing: TodoEditing } {
  const record = new TodoRecord({
    ...flow,
    writeInTurn: (...written) => relays.writeInTurn(...written),
    makeRevision: () => makeMessageId(flow.ids),
  });
  const editing = new TodoEditing({ ...stores, ...flow, record });
  const telling = new TodoTelling({
    ...stores,
    ...flow,
    ...companion,
    record,
    relays,
    load: (sessionId) => loadTodos({ ...stores, ...flow }, sessionId),
  });
  return {
    editing,
    dispose: () => {
      for (const made of [telling, editing, record]) made.dispose();
    },
  };
}

export interface TodoCommandsInput {
  readonly stores: Pick<Stores, 'currentSession'>;
  readonly todos: { readonly editing: TodoEditing };
  readonly views: Pick<Views, 'todosTree'>;
  readonly connection: { connect(): Promise<void> };
  readonly dialogs: Dialogs;
}

export type TodoCommandId = Extract<CommandId, `opencodeSessions.todo.${string}`>;

/** The verbs on todos. */
export function createTodoCommands({
  stores,
  todos,
  views,
  connection,
  dialogs,
}: TodoCommandsInput): Pick<CommandTable, TodoCommandId> {
  const deps = {
    ...todos,
    currentSessionId: () => stores.currentSession.id,
    selectedTodos: () => views.todosTree.selected(),
    dialogs,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.todo.add': live(addTodo(deps)),
    'opencodeSessions.todo.edit': live(editTodo(deps)),
    'opencodeSessions.todo.toggle': live(toggleTodo(deps)),
    'opencodeSessions.todo.start': live(markTodo(deps, 'in_progress')),
    'opencodeSessions.todo.cancel': live(markTodo(deps, 'cancelled')),
    'opencodeSessions.todo.priority': live(prioritizeTodo(deps)),
    'opencodeSessions.todo.moveUp': live(moveTodo(deps, 'up')),
    'opencodeSessions.todo.moveDown': live(moveTodo(deps, 'down')),
    'opencodeSessions.todo.remove': live(removeTodo(deps)),
    'opencodeSessions.todo.takeBack': live(takeBackTodo(deps)),
  };
}
