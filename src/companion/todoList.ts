import * as z from 'zod';
import { toolNamed } from '../core/tools/toolOf.ts';
import { Todo } from '../protocol/records.ts';
import { parseArguments } from './tools/agentTool.ts';
import type { Storage2, ToolResult2 } from './context2.ts';

const parameters = z.object({
  todos: z
    .array(
      z.object({
        content: z.string().describe('What is to be done, in a few words.'),
        status: Todo.shape.status,
        priority: Todo.shape.priority,
      }),
    )
    .describe('The whole list as it is from here on.'),
});

const description = `Keeps the todo list of this session, which the user sees and may change.

Use it for work of three or more steps: write the list before you begin, have one todo in_progress at a time, and mark each completed as soon as it is done. Each call replaces the whole list. What the user changed is put into the list that you write, and you are told.`;

/** The agent's tool, called and answered as that of 1.x was. */
export const todoTool = { name: toolNamed('writeTodos'), description, parameters };

const Kept = z.array(Todo).catch([]);

/** The todos of sessions, which 2.x does not keep: each session has a list of its own, a subagent's too. */
export class TodoList {
  readonly #storage: Storage2;
  readonly #onDidWrite: (sessionId: string, todos: readonly Todo[]) => void;

  constructor(storage: Storage2, onDidWrite: (sessionId: string, todos: readonly Todo[]) => void) {
    this.#storage = storage;
    this.#onDidWrite = onDidWrite;
  }

  async list(sessionId: string): Promise<Todo[]> {
    return Kept.parse(await this.#storage.get(keyOf(sessionId)));
  }

  /** Writes what an agent gave the tool; throws what it is to read. */
  async write(sessionId: string, given: unknown): Promise<ToolResult2> {
    const { todos } = parseArguments(todoTool, given);
    await this.#storage.set(keyOf(sessionId), todos);
    this.#onDidWrite(sessionId, todos);
    return { content: [{ type: 'text', text: JSON.stringify(todos) }], metadata: { todos } };
  }

  /** The session is gone. */
  async forget(sessionId: string): Promise<void> {
    if ((await this.list(sessionId)).length > 0) await this.#storage.set(keyOf(sessionId), []);
  }
}

function keyOf(sessionId: string): string {
  return `todos.${sessionId}`;
}
