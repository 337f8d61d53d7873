import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { TodoStore } from './todoStore.ts';

export interface LoadTodosDeps {
  readonly todos: Pick<TodoStore, 'isWanting' | 'load'>;
  readonly openCode: Pick<OpenCode, 'listTodos'>;
  readonly log: Log;
}

/** Asks for the todos of a session, unless they are known. */
export async function loadTodos({ todos, openCode, log }: LoadTodosDeps, sessionId: string): Promise<void> {
  if (!todos.isWanting(sessionId)) return;
  try {
    todos.load(sessionId, await openCode.listTodos(sessionId));
  } catch (error) {
    log.warn('The todos of a session could not be loaded.', sessionId, error);
  }
}
