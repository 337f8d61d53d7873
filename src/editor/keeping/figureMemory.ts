import type { Memento } from 'vscode';
import * as z from 'zod';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { FigureMemory, KeptFigure } from '../../core/changes/figureMemory.ts';

const key = 'changesFigures';
/** Of the sessions whose figures became known last. */
const limit = 500;

const Stored = z
  .array(
    z.object({
      sessionId: z.string(),
      look: z.string(),
      files: z.number(),
      additions: z.number(),
      deletions: z.number(),
      isTold: z.literal(true).optional(),
      isPartial: z.literal(true).optional(),
    }),
  )
  .catch([]);

/** How much sessions changed, in the memory of the workspace. */
export function createFigureMemory(memento: Memento): FigureMemory {
  const known = new Map<string, KeptFigure>(
    Stored.parse(memento.get(key)).map(({ sessionId, look, ...figure }) => [
      sessionId,
      { look, figure: withoutUndefined(figure) },
    ]),
  );
  const keep = (): void => {
    const figures = [...known].map(([sessionId, { look, figure }]) => ({ sessionId, look, ...figure }));
    void memento.update(key, figures);
  };
  return {
    get: (sessionId) => known.get(sessionId),
    remember: (sessionId, kept) => {
      known.delete(sessionId);
      known.set(sessionId, kept);
      const [oldest] = known.keys();
      if (known.size > limit && oldest !== undefined) known.delete(oldest);
      keep();
    },
    forget: (sessionId) => {
      if (known.delete(sessionId)) keep();
    },
  };
}
