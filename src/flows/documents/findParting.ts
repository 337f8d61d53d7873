import type { ComparisonPlan } from '../../core/compare/planComparison.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Message } from '../../protocol/records.ts';

export interface PartingDeps {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'getSession'>;
  readonly sessions: Pick<Sessions, 'get'>;
}

/** The last message that two sessions share: a fork has a copy of it under an id of its own. */
export interface Parting {
  readonly left: string;
  readonly right: string;
}

/** So often one of the two has gone on with less than the other. */
const tries = 30;

/**
 * Where two sessions part, by what the server holds: a fork's copies are older than itself, and as old as what they
 * were copied from. Undefined: they share no message.
 */
export async function findParting(
  deps: PartingDeps,
  { left, right, relation }: ComparisonPlan,
): Promise<Parting | undefined> {
  if (relation.kind !== 'forked') return undefined;
  const begun = await Promise.all(relation.forks.map((id) => beginOf(deps, id)));
  let time = Math.min(...begun.filter((one) => one !== undefined));
  for (let count = 0; count < tries && Number.isFinite(time); count += 1) {
    const [one, other] = await Promise.all([
      lastBefore(deps, left.id, time),
      lastBefore(deps, right.id, time),
    ]);
    if (one === undefined || other === undefined) return undefined;
    if (one.time.created === other.time.created && one.role === other.role) {
      return { left: one.id, right: other.id };
    }
    // What the other one does not have was taken back there; if both are as old, neither is a copy.
    time = Math.min(one.time.created, other.time.created) + (one.time.created === other.time.created ? 0 : 1);
  }
  return undefined;
}

/** When a session began; undefined: it is gone, and those that came from it say as much. */
async function beginOf({ openCode, sessions }: PartingDeps, id: string): Promise<number | undefined> {
  try {
    return (sessions.get(id) ?? (await openCode.getSession(id))).time.created;
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}

async function lastBefore(
  { openCode }: PartingDeps,
  sessionId: string,
  time: number,
): Promise<Message | undefined> {
  const { messages } = await openCode.listMessages(sessionId, { limit: 1, before: { time } });
  return messages.at(-1)?.info;
}
