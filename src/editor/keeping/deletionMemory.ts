import type { Memento } from 'vscode';
import * as z from 'zod';
import type { DeletionMemory } from '../../core/ports/deletionMemory.ts';

const key = 'deletions';

const Stored = z
  .array(
    z.object({
      sessionId: z.string(),
      name: z.string(),
      wasArchived: z.boolean(),
      isUnknown: z.literal(true).optional(),
    }),
  )
  .catch([]);

/** Which sessions are about to be deleted, in the memory of the workspace. */
export function createDeletionMemory(memento: Memento): DeletionMemory {
  return {
    read: () => Stored.parse(memento.get(key)),
    write: (deletions) => void memento.update(key, deletions.length === 0 ? undefined : deletions),
  };
}
