import { l10n } from '../../core/l10n.ts';
import { findTodo, referTo, type TodoReference } from '../../core/todos/editTodos.ts';
import type { Command } from '../command.ts';
import { chooseTodos, type TodoCommandDeps } from './todoRows.ts';

/** Lets todos change places with the one before or after them. */
export function moveTodo(deps: TodoCommandDeps, direction: 'up' | 'down'): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, { title: l10n.t('Move Todo') });
    if (chosen === undefined) return undefined;
    const { sessionId, references } = chosen;
    const shown = deps.editing.shown(sessionId) ?? [];
    const chosenRows = new Set(references.map((reference) => findTodo(shown, reference)));
    const places = shown.flatMap((one, index) => (chosenRows.has(one) ? [index] : []));
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return sessionId;
    const stands = (index: number): boolean => shown[index]?.isRemoved === false;
    const indices = shown.map((_, index) => index);
    const refer = (index: number | undefined): TodoReference | undefined => {
      const one = index === undefined ? undefined : shown[index];
      return one && referTo(shown, one);
    };
    if (direction === 'up') {
      const before = indices.findLast((index) => index < first && stands(index));
      if (before === undefined) return sessionId;
      await deps.editing.move(sessionId, references, refer(before));
    } else {
      const after = indices.find((index) => index > last && stands(index));
      if (after === undefined) return sessionId;
      const next = indices.find((index) => index > after && stands(index));
      await deps.editing.move(sessionId, references, refer(next));
    }
    return sessionId;
  };
}
