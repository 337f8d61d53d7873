import type { Memento } from 'vscode';
import * as z from 'zod';
import type { KeptWait, WaitMemory } from '../../core/requests/waits.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';

const key = 'waits';

const Stored = z
  .array(
    z.object({
      requestId: z.string(),
      sessionIds: z.array(z.string()),
      from: z.number(),
      to: z.number().optional(),
      callId: z.string().optional(),
      isBegunUnseen: z.literal(true).optional(),
      isEndedUnseen: z.literal(true).optional(),
    }),
  )
  .catch([]);

/** When sessions waited for a person, in the memory of the workspace. */
export function createWaitMemory(memento: Memento): WaitMemory {
  return {
    read: () => Stored.parse(memento.get(key)).map((wait): KeptWait => withoutUndefined(wait)),
    write: (waits) => void memento.update(key, waits),
  };
}
