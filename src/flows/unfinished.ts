import * as z from 'zod';
import { NotFoundProblem, type Problem, UncertainProblem, UndeliveredProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import { hasArrived, isOpen } from '../core/prompts/delivery.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';
import { findMade, insist, type MakingPorts } from './makeOnce.ts';
import type { Attempt, Attempts, LastingCause } from './prompting/attempts.ts';
import type { Deliveries } from './prompting/deliveries.ts';

/** What is read of a session that an attempt made. */
const Made = z.object({ id: z.string() });

interface TakeBackPorts extends Pick<MakingPorts, 'wait'> {
  readonly openCode: Pick<OpenCode, 'deleteSession'>;
  readonly log: Log;
}

/**
 * Deletes the session that an attempt made, in which nothing was said and nothing may be any more; the attempt then
 * begins anew. False: it may still be there.
 */
export async function takeBack(
  ports: TakeBackPorts,
  { id }: Pick<Session, 'id'>,
  attempt: Pick<Attempt, 'beginAnew'>,
): Promise<boolean> {
  try {
    await insist(ports, () => ports.openCode.deleteSession(id));
  } catch (failure) {
    if (!(failure instanceof NotFoundProblem)) {
      ports.log.warn('A session without its prompt could not be deleted.', id, failure);
      return false;
    }
  }
  attempt.beginAnew();
  return true;
}

/**
 * What is said where a session was made whose first prompt failed in a way that leaves it there: asked again, it is gone
 * on in. `wished` is the title that it was to get, where nobody knows whether it did.
 */
export function describeUnfinished(
  sessions: Pick<Sessions, 'title'>,
  session: Pick<Session, 'id' | 'title'>,
  error: unknown,
  wished = session.title,
): Problem {
  const [now, then] = [sessions.title(session), sessions.title({ id: session.id, title: wished })];
  const name = now === then ? l10n.t('“{0}”', now) : l10n.t('“{0}” (maybe still named “{1}”)', then, now);
  if (error instanceof UncertainProblem) {
    return new UncertainProblem(
      l10n.t(
        '{0} was made, but it is not known yet whether its prompt arrived. It is looked for by itself.',
        name,
      ),
      { cause: error },
    );
  }
  return new UndeliveredProblem(
    l10n.t('{0} was made, but its prompt did not arrive. Send the draft again to go on in it.', name),
    { cause: error },
  );
}

export interface LeftPorts {
  readonly attempts: Attempts;
  readonly deliveries: Pick<Deliveries, 'get'>;
  readonly sessions: Pick<Sessions, 'all' | 'get' | 'title'>;
}

/**
 * What is said of each session that was begun with of another one since then (milliseconds since 1970), when nobody saw
 * the end of it, and that was not made whole.
 */
export function describeLeft(
  { attempts, deliveries, sessions }: LeftPorts,
  cause: LastingCause,
  source: string,
  since: number,
): readonly string[] {
  const begun = attempts.leftOf(cause, source).filter(({ time }) => time >= since);
  return begun.flatMap((left) => {
    const { made, messageIds } = left;
    const known = Made.safeParse(made['session'] ?? made['fork']).data;
    // One that was deleted since is left no more.
    const session = known === undefined ? findMade(sessions, left) : sessions.get(known.id);
    const prompt = deliveries.get(messageIds['prompt'] ?? '');
    if (session === undefined || (prompt !== undefined && hasArrived(prompt))) return [];
    const error = prompt && isOpen(prompt) ? new UncertainProblem('') : undefined;
    // Whether it got its title, nobody knows before it is made whole.
    const wished = z.string().safeParse(made['title']).data;
    return describeUnfinished(sessions, session, error, made['session'] === undefined ? wished : undefined)
      .message;
  });
}

/** What is said where a session was compacted and what was to follow failed: asked again, it is not compacted twice. */
export function describeUnfollowed(title: string, cause: Problem): Problem {
  if (cause instanceof UncertainProblem) {
    return new UncertainProblem(
      l10n.t(
        '“{0}” was compacted, but it is not known yet whether what was to follow arrived. It is looked for by itself.',
        title,
      ),
      { cause },
    );
  }
  return new UndeliveredProblem(
    l10n.t(
      '“{0}” was compacted, but what was to follow did not arrive. Send the draft again. {1}',
      title,
      cause.message,
    ),
    { cause },
  );
}
