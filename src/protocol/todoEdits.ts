import * as z from 'zod';
import { oncePerRecord, withOurs } from './ours.ts';
import { Todo } from './records.ts';

/**
 * A todo of an agent's list by what it says: todos have no ids. Where several say the same, `nth` (from 0) of the `count`
 * that there were.
 */
export const TodoName = z.object({ content: z.string(), nth: z.number(), count: z.number() });
export type TodoName = z.infer<typeof TodoName>;

export const TodoField = z.enum(['content', 'status', 'priority']);
export type TodoField = z.infer<typeof TodoField>;

/** What a person wants of one todo. */
export const TodoEdit = z.object({
  id: z.string(),
  /** The todo of the agent that it is about; absent: the person added one. */
  of: TodoName.optional(),
  /** The todo as it is to be. */
  todo: Todo,
  /** What of it the person said; all else is the agent's, as long as the agent has it. */
  said: z.array(TodoField),
  /** Whether it is not to be there any more. */
  removed: z.literal(true).optional().catch(undefined),
  /** Whether the agent was told. */
  told: z.literal(true).optional().catch(undefined),
});
export type TodoEdit = z.infer<typeof TodoEdit>;

/** The order that a person wants, by what the todos say. */
export const TodoOrder = z.object({
  contents: z.array(z.string()),
  /** Those that the person moved. */
  moved: z.array(z.string()),
  told: z.literal(true).optional().catch(undefined),
});
export type TodoOrder = z.infer<typeof TodoOrder>;

/** What a person changed in the todos of a session, as far as the agent's list does not say so yet. */
export const TodoEdits = z.object({
  /** The session itself: a server may copy metadata into forks, whose agents nobody told anything. */
  session: z.string(),
  /** Random, of the last write: tells a window that another one wrote over it. */
  revision: z.string(),
  /** The revision that the writer had read: tells whether it knew of another write. */
  base: z.string().optional(),
  edits: z.array(TodoEdit),
  order: TodoOrder.optional(),
  /** Under this message id the agent is told of what it was not told of yet, whoever tells it. */
  note: z.string().optional(),
  /** The id of the message that asked the agent last, where no companion told it. */
  asked: z.string().optional(),
  /** That an editor of the user wrote all of this for this very session (`core/todos/todoProof.ts`). */
  proof: z.string().optional(),
});
export type TodoEdits = z.infer<typeof TodoEdits>;

const parseMetadata = oncePerRecord(z.looseObject({ todos: TodoEdits.optional().catch(undefined) }));

/** What the session's metadata holds of its own todos; undefined if it holds nothing. */
export function parseTodoEdits(session: {
  readonly id: string;
  readonly metadata?: Record<string, unknown> | undefined;
}): TodoEdits | undefined {
  const todos = parseMetadata(session)?.todos;
  return todos?.session === session.id ? todos : undefined;
}

/** `metadata` with these edits and all else left as it is. The server replaces metadata whole. */
export function withTodoEdits(
  metadata: Record<string, unknown> | undefined,
  todos: TodoEdits,
): Record<string, unknown> {
  return withOurs(metadata, { todos });
}
