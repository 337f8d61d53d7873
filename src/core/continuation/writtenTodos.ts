import * as z from 'zod';
import type { MessageWithParts } from '../../protocol/records.ts';
import { Todo } from '../../protocol/records.ts';

const Input = z.object({ todos: z.array(Todo) });

/**
 * The todo list as an agent wrote it last in these messages, which are in the order of time; empty if none did. The
 * server itself keeps only the list as it stands at the end of the session.
 */
export function writtenTodos(messages: readonly MessageWithParts[]): readonly Todo[] {
  const lists = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) =>
      part.type === 'tool' && part.tool === 'todowrite' && part.state.status === 'completed'
        ? (Input.safeParse(part.state.input).data ?? [])
        : [],
    );
  return lists.at(-1)?.todos ?? [];
}
