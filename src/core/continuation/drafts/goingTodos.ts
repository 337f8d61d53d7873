import * as z from 'zod';
import { Todo } from '../../../protocol/records.ts';
import { l10n } from '../../l10n.ts';
import { shorten } from '../shorten.ts';
import { openTodos } from '../todoDigest.ts';
import { buildTodoInstruction } from '../todoInstruction.ts';

/**
 * The open todos that go along with a draft. One line of it stands for them, which a person can read and delete; what is
 * sent says them in full, since nothing else brings them into a session.
 */
export const GoingTodos = z.object({ line: z.string(), todos: z.array(Todo) });
export type GoingTodos = z.infer<typeof GoingTodos>;

/** How many todos the line names, and in how many characters each. */
const shown = { todos: 3, characters: 40 };

/** undefined where none is open. */
export function goingTodos(todos: readonly Todo[]): GoingTodos | undefined {
  const open = openTodos(todos);
  if (open.length === 0) return undefined;
  const names = open.slice(0, shown.todos).map(({ content }) => shorten(content, shown.characters));
  const more = open.length - names.length;
  const words = [...names, ...(more > 0 ? [l10n.t('{0} more', more)] : [])].join(' · ');
  const line =
    open.length === 1
      ? l10n.t('[1 todo goes along: {0}]', words)
      : l10n.t('[{0} todos go along: {1}]', open.length, words);
  return { line, todos: [...open] };
}

/** The text with the todos themselves where their line stands; without the line they do not go along. */
export function expandTodos(text: string, going: GoingTodos | undefined): string {
  return going === undefined ? text : text.replaceAll(going.line, () => buildTodoInstruction(going.todos));
}

/** Whether the line of a document is what a person made of the line that stands for todos: it would be sent as it reads. */
export function isChangedLine(text: string, going: GoingTodos): boolean {
  const [beginning = ''] = going.line.split(':');
  return text.includes(beginning) && !text.includes(going.line);
}
