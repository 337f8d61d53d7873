import type { MessageWithParts, Todo } from '../../protocol/records.ts';
import { toolOf } from '../tools/toolOf.ts';

/**
 * The todo list as an agent wrote it last in these messages, which are in the order of time; empty if none did. The
 * server itself keeps only the list as it stands at the end of the session.
 */
export function writtenTodos(messages: readonly MessageWithParts[]): readonly Todo[] {
  const lists = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => {
      if (part.type !== 'tool' || part.state.status !== 'completed') return [];
      const todos = toolOf(part.tool).todos?.(part.state.input);
      return todos === undefined ? [] : [todos];
    });
  return lists.at(-1) ?? [];
}
