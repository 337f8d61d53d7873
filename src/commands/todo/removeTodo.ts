import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { chooseTodos, type TodoCommandDeps } from './todoRows.ts';

/** Takes todos out of the list; until the agent has heard of it they are shown, and can be had back. */
export function removeTodo(deps: TodoCommandDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, { title: l10n.t('Remove Todo') });
    if (chosen === undefined) return undefined;
    await deps.editing.remove(chosen.sessionId, chosen.references);
    return chosen.sessionId;
  };
}

/** Lets go of what the person changed in todos, as far as the agent's list does not say it yet. */
export function takeBackTodo(deps: TodoCommandDeps): Command {
  return async (argument, selection) => {
    const chosen = await chooseTodos(deps, argument, selection, {
      title: l10n.t('Take Back My Change of Todo'),
      suits: ({ isPending, isMoved }) => isPending || isMoved,
    });
    if (chosen === undefined) return undefined;
    await deps.editing.takeBack(chosen.sessionId, chosen.references);
    return chosen.sessionId;
  };
}
