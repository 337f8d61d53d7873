import type { Todo } from '../../protocol/records.ts';
import { buildTodoInstruction } from './todoInstruction.ts';

/** The first prompt of a fork. The server copies no todos, so the prompt carries the open ones. */
export function buildForkPrompt(prompt: string, todos: readonly Todo[]): string {
  return [buildTodoInstruction(todos), prompt.trim()].filter((section) => section !== '').join('\n\n');
}
