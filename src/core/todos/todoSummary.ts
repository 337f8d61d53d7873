import type { Todo } from '../../protocol/records.ts';

/** How far a todo list has come. What was cancelled is no longer to be done and is counted apart. */
export interface TodoSummary {
  readonly done: number;
  readonly total: number;
  readonly cancelled: number;
}

export function countTodos(todos: readonly Todo[]): TodoSummary {
  const count = (status: Todo['status']): number => todos.filter((todo) => todo.status === status).length;
  const cancelled = count('cancelled');
  return { done: count('completed'), total: todos.length - cancelled, cancelled };
}
