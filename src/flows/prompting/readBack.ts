import { Problem, UncertainProblem } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Session } from '../../protocol/records.ts';

export interface ReadBackPorts {
  readonly openCode: Pick<OpenCode, 'getSession'>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Log;
}

/** Milliseconds before each look at a write whose answer was lost. */
const lookPauses: readonly number[] = [0, 500, 1500];

/**
 * The session as the server holds it after a write of its record, also where the write's own answer was lost, or the
 * connection broke after it. Throws what refused the write, and `UncertainProblem`, with these words, where nobody knows.
 */
export async function readBack(
  { openCode, wait, log }: ReadBackPorts,
  sessionId: string,
  write: Promise<unknown>,
  unknown: () => string,
): Promise<Session> {
  const lost = await write.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem && error.mayHaveArrived) return error;
      throw error;
    },
  );
  let cause: unknown = lost;
  for (const pause of lookPauses) {
    await wait(pause);
    try {
      return await openCode.getSession(sessionId);
    } catch (error) {
      cause ??= error;
      log.debug('What became of a write cannot be asked.', sessionId, error);
    }
  }
  throw new UncertainProblem(unknown(), { cause });
}
