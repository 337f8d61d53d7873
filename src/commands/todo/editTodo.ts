import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice } from '../../core/ports/dialogs.ts';
import { findTodo } from '../../core/todos/editTodos.ts';
import type { ShownTodo } from '../../core/todos/shownTodos.ts';
import type { Todo } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { chooseTodos, type TodoCommandDeps } from './todoRows.ts';

/** Lets the person say what a todo says. */
export function editTodo(deps: TodoCommandDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, { title: l10n.t('Edit Todo'), isOne: true });
    if (chosen === undefined) return undefined;
    const [reference] = chosen.references;
    if (reference === undefined) return undefined;
    const { todo } = findTodo(deps.editing.shown(chosen.sessionId) ?? [], reference);
    const content = await askContent(deps, { title: l10n.t('Edit Todo'), value: todo.content });
    if (content === undefined || content === todo.content) return undefined;
    await deps.editing.change(chosen.sessionId, chosen.references, { content });
    return chosen.sessionId;
  };
}

/** Sets how much todos matter. */
export function prioritizeTodo(deps: TodoCommandDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, { title: l10n.t('Set Priority of Todo') });
    if (chosen === undefined) return undefined;
    const priority = await deps.dialogs.pickOne<Todo['priority']>(l10n.t('Set Priority of Todo'), [
      { label: l10n.t('High'), icon: 'flame', value: 'high' },
      { label: l10n.t('Medium'), icon: 'circle-large-outline', value: 'medium' },
      { label: l10n.t('Low'), icon: 'arrow-down', value: 'low' },
    ] satisfies Choice<Todo['priority']>[]);
    if (priority === undefined) return undefined;
    await deps.editing.change(chosen.sessionId, chosen.references, { priority });
    return chosen.sessionId;
  };
}

/** Checks todos off; where all of them are done, they are to be done again. */
export function toggleTodo(deps: TodoCommandDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, {
      title: l10n.t('Check Off or Reopen Todo'),
    });
    if (chosen === undefined) return undefined;
    const { sessionId, references } = chosen;
    const shown = deps.editing.shown(sessionId) ?? [];
    const isDone = references.every((reference) => findTodo(shown, reference).todo.status === 'completed');
    await deps.editing.change(sessionId, references, { status: isDone ? 'pending' : 'completed' });
    return sessionId;
  };
}

/** Says that todos are worked on, or are not to be done. */
export function markTodo(deps: TodoCommandDeps, status: 'in_progress' | 'cancelled'): Command {
  return async (argument, selection) => {
    const title = status === 'cancelled' ? l10n.t('Cancel Todo') : l10n.t('Start Todo');
    const suits = ({ isRemoved, todo }: ShownTodo): boolean => !isRemoved && todo.status !== status;
    const chosen = await chooseTodos(deps, argument, selection, { title, suits });
    if (chosen === undefined) return undefined;
    await deps.editing.change(chosen.sessionId, chosen.references, { status });
    return chosen.sessionId;
  };
}

/** Asks what a todo says, in one line; undefined: the person left. */
export async function askContent(
  { dialogs }: Pick<TodoCommandDeps, 'dialogs'>,
  question: { readonly title: string; readonly value?: string },
): Promise<string | undefined> {
  const content = await dialogs.askText({
    ...question,
    prompt: l10n.t('What is to be done. The agent reads it with its next step.'),
    validate: (text) => (text.trim() === '' ? empty() : undefined),
  });
  if (content === undefined) return undefined;
  if (content.trim() === '') throw new Problem(empty());
  return content.trim();
}

function empty(): string {
  return l10n.t('Say what is to be done, or press Escape.');
}
