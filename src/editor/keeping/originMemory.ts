import type { Memento } from 'vscode';
import * as z from 'zod';
import type { OriginMemory } from '../../core/sessions/originMemory.ts';
import type { Origin } from '../../core/sessions/sessionKind.ts';

const key = 'origins';
/** Of the sessions that were looked into last. */
const limit = 2000;

const Stored = z
  .array(
    z.object({
      sessionId: z.string(),
      kind: z.enum(['root', 'fork', 'handoff']),
      from: z.string().optional(),
      inferred: z.enum(['messages', 'prompt', 'call']).optional(),
    }),
  )
  .catch([]);

/** Where sessions came from as far as it was inferred, in the memory of the workspace. */
export function createOriginMemory(memento: Memento): OriginMemory {
  const known = new Map<string, Origin>(
    Stored.parse(memento.get(key)).map(({ sessionId, kind, from, inferred }) => [
      sessionId,
      { kind, from, ...(inferred === undefined ? {} : { inferred }) },
    ]),
  );
  return {
    read: () => known,
    remember: (sessionId, origin) => {
      known.set(sessionId, origin);
      const kept = [...known].slice(-limit).map(([id, found]) => ({ sessionId: id, ...found }));
      void memento.update(key, kept);
    },
  };
}
