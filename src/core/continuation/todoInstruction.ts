import type { Todo } from '../../protocol/records.ts';
import { toolNamed } from '../tools/toolOf.ts';
import { openTodos } from './todoDigest.ts';

/**
 * Makes the agent's first act a list of the open todos: nothing else can bring a todo list into a
 * session. Empty when there are none.
 */
export function buildTodoInstruction(todos: readonly Todo[]): string {
  const open = openTodos(todos);
  if (open.length === 0) return '';
  const list = open.map(({ content, status, priority }) => ({ content, status, priority }));
  return [
    `First call \`${toolNamed('writeTodos')}\` with exactly these todos, then go on:`,
    '',
    '```json',
    JSON.stringify(list, undefined, 2),
    '```',
  ].join('\n');
}

/** Whether a text asks for a list of todos first, as that of a hand off does unless somebody took it out. */
export function asksForTodos(text: string): boolean {
  return text.includes(`\`${toolNamed('writeTodos')}\``);
}

/** Those of the open todos that did not arrive in the new list, by their content. */
export function missingTodos(wanted: readonly Todo[], arrived: readonly Todo[]): readonly Todo[] {
  const contents = new Set(arrived.map(({ content }) => normalize(content)));
  return openTodos(wanted).filter(({ content }) => !contents.has(normalize(content)));
}

function normalize(content: string): string {
  return content.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}
