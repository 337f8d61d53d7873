import type { Todo } from '../../protocol/records.ts';
import { toolNamed } from '../tools/toolOf.ts';
import { type ShownTodo, showTodos, standing, type WantedTodos } from './shownTodos.ts';

/**
 * What an agent is told of what the user changed in its todos: the changes, and the whole list as it is to be. `isWritten`:
 * the list was just written so, with the changes in it.
 */
export function buildTodosNote(
  list: readonly Todo[],
  wanted: WantedTodos,
  { isWritten } = { isWritten: false },
): string {
  const shown = showTodos(list, wanted);
  const tool = toolNamed('writeTodos');
  return [
    'The user changed the todo list:',
    ...describeChanges(list, wanted, shown).map((change) => `- ${change}`),
    '',
    isWritten ? 'It was written with these changes, and is now:' : 'With these changes it is:',
    ...describeList(standing(shown)),
    '',
    isWritten
      ? 'Go by this list, and keep these changes whenever you write it again.'
      : `Write exactly this list with \`${tool}\` before you go on, and go by it. Keep these changes whenever you write it again.`,
  ].join('\n');
}

function describeChanges(
  list: readonly Todo[],
  { order }: WantedTodos,
  shown: readonly ShownTodo[],
): readonly string[] {
  const changes = shown.flatMap((one) => {
    const { edit, isRemoved, at, of, todo } = one;
    if (edit === undefined) return [];
    const name = quote(of?.content ?? todo.content);
    if (isRemoved) return `removed ${name}`;
    if (edit.of === undefined) return `added ${quote(todo.content)}`;
    const before = at === undefined ? undefined : list[at];
    return [
      ...(edit.said.includes('content') && of !== undefined && of.content !== todo.content
        ? [`${name} says ${quote(todo.content)} instead`]
        : []),
      ...(edit.said.includes('status') ? [`${name} is ${statusWords[todo.status]}`] : []),
      ...(edit.said.includes('priority') ? [`${name} has ${todo.priority} priority`] : []),
      ...(before === undefined ? [`${name} stays in the list`] : []),
    ];
  });
  return order === undefined ? changes : [...changes, 'the order is the one below'];
}

function describeList(shown: readonly ShownTodo[]): readonly string[] {
  if (shown.length === 0) return ['(empty)'];
  return shown.map(
    ({ todo }, index) =>
      `${index + 1}. ${oneLine(todo.content)} (status: ${todo.status}, priority: ${todo.priority})`,
  );
}

const statusWords: Readonly<Record<Todo['status'], string>> = {
  pending: 'to be done (pending)',
  in_progress: 'in progress',
  completed: 'done (completed)',
  cancelled: 'cancelled',
};

function quote(content: string): string {
  return `"${oneLine(content)}"`;
}

function oneLine(content: string): string {
  return content.replaceAll(/\s+/g, ' ').trim();
}
