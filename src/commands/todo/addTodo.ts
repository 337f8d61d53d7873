import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { currentSession, type TodoCommandDeps } from './todoRows.ts';
import { askContent } from './editTodo.ts';

/** Adds a todo to the list of the session that the user looks at. */
export function addTodo(deps: TodoCommandDeps): Command {
  return async () => {
    const sessionId = currentSession(deps);
    const content = await askContent(deps, { title: l10n.t('Add Todo') });
    if (content === undefined) return undefined;
    await deps.editing.add(sessionId, { content, status: 'pending', priority: 'medium' });
    return sessionId;
  };
}
