import type { Todo } from '../../protocol/records.ts';
import { countTodos, type TodoSummary } from '../todos/todoSummary.ts';

/** A todo list in numbers and in the names of what is open. */
export interface TodoDigest extends TodoSummary {
  readonly inProgress: readonly string[];
  readonly pending: readonly string[];
}

export function summarizeTodos(todos: readonly Todo[]): TodoDigest {
  const contents = (status: Todo['status']): string[] =>
    todos
      .filter((todo) => todo.status === status)
      .map(({ content }) => content.replaceAll(/\s+/g, ' ').trim());
  return { ...countTodos(todos), inProgress: contents('in_progress'), pending: contents('pending') };
}

/** The todos that still want work, in their order. */
export function openTodos(todos: readonly Todo[]): readonly Todo[] {
  return todos.filter(({ status }) => status === 'in_progress' || status === 'pending');
}
