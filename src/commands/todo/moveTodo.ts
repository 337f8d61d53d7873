import { l10n } from '../../core/l10n.ts';
import { referTo, type TodoReference } from '../../core/todos/editTodos.ts';
import type { Command } from '../command.ts';
import { chooseTodos, type TodoCommandDeps } from './todoRows.ts';

/** Lets todos change places with the one before or after them. */
export function moveTodo(deps: TodoCommandDeps, direction: 'up' | 'down'): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, { title: l10n.t('Move Todo') });
    if (chosen === undefined) return undefined;
    const { sessionId, references } = chosen;
    const shown = deps.editing.shown(sessionId) ?? [];
    const rows = shown.map((one) => ({ one, reference: referTo(shown, one) }));
    const isChosen = ({ reference }: { readonly reference: TodoReference }): boolean =>
      references.some(({ content, nth }) => content === reference.content && nth === reference.nth);
    const places = rows.flatMap((row, index) => (isChosen(row) ? [index] : []));
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return sessionId;
    const stands = (index: number): boolean => rows[index]?.one.isRemoved === false;
    const indices = rows.map((_, index) => index);
    if (direction === 'up') {
      const before = indices.findLast((index) => index < first && stands(index));
      if (before === undefined) return sessionId;
      await deps.editing.move(sessionId, references, rows[before]?.reference);
    } else {
      const after = indices.find((index) => index > last && stands(index));
      if (after === undefined) return sessionId;
      const next = indices.find((index) => index > after && stands(index));
      await deps.editing.move(sessionId, references, next === undefined ? undefined : rows[next]?.reference);
    }
    return sessionId;
  };
}
