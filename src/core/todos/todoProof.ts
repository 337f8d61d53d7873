import { parseTodoEdits, TodoEdits, withTodoEdits } from '../../protocol/todoEdits.ts';
import type { Session } from '../../protocol/records.ts';
import type { Proof } from '../ports/proof.ts';

/**
 * What a person changed in the todos of a session. An agent is told of it as the user's own word, so that what no editor of
 * this user wrote for this session counts for nothing: it came with an import or from another program.
 */
export function readTodoEdits(
  proof: Proof,
  session: Pick<Session, 'id' | 'metadata'>,
): TodoEdits | undefined {
  const stored = parseTodoEdits(session);
  return stored !== undefined && proof.holds(wordsOf(stored), stored.proof) ? stored : undefined;
}

/** The session's metadata with these edits and their proof. */
export function withProvedTodoEdits(
  proof: Proof,
  session: Pick<Session, 'id' | 'metadata'>,
  edits: Omit<TodoEdits, 'session' | 'proof'>,
): Record<string, unknown> {
  const todos = { ...edits, session: session.id };
  return withTodoEdits(session.metadata, { ...todos, proof: proof.make(wordsOf(todos)) });
}

const Proved = TodoEdits.omit({ proof: true });

/** All of the record; a parse puts its fields into the order of the schema. */
function wordsOf(edits: TodoEdits): readonly unknown[] {
  return ['todos', Proved.parse(edits)];
}
