import * as z from 'zod';
import { UncertainProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { NewSession, OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { ForkPoint } from '../core/turns/fork.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import { parseMark, parseOwnLineage, withMark } from '../protocol/lineage.ts';
import type { Session } from '../protocol/records.ts';
import { type Attempt, type AttemptRecord, mayHaveActed } from './prompting/attempts.ts';

export interface MakingPorts {
  readonly openCode: Pick<OpenCode, 'createSession' | 'forkSession' | 'listSessions'>;
  readonly sessions: Pick<Sessions, 'all'>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How a session is known that was made although nobody saw the answer. */
export interface Making {
  /** Whether it may have been made by an earlier attempt. */
  readonly isAgain: boolean;
  /** A text that no other attempt has. */
  readonly mark: string;
  /** The ids of the sessions before the first attempt. */
  readonly before: ReadonlySet<string>;
  /** What is made is no older than this, in milliseconds since 1970 by the server's clock or, if that is earlier, by ours. */
  readonly since: number;
}

export type PlanPorts = Pick<MakingPorts, 'sessions'> & { readonly ids: IdSource };

/** What an attempt needs to make one session under this name, also when it is made again. */
export async function planMaking(ports: PlanPorts, attempt: Attempt): Promise<Making> {
  const { before, since } = await attempt.once('making', async () => {
    const now = makingNow(ports);
    return { since: now.since, before: [...now.before] };
  });
  return { before: new Set(before), since, isAgain: attempt.isAgain, mark: attempt.messageId('making') };
}

/** The same for what is not made again. */
export function makingNow({ sessions, ids }: PlanPorts): Making {
  const all = sessions.all();
  // What was made last tells what time it is at the server, which our clock may be ahead of.
  const newest = Math.max(...all.map(({ time }) => time.created));
  const since = Math.max(Math.min(ids.now(), newest), ids.now() - clocksApart);
  return { before: new Set(all.map(({ id }) => id)), since, isAgain: false, mark: makeMessageId(ids) };
}

/** Milliseconds before each look for what may have been made. */
const pauses = [0, 500, 2000, 5000];
/** What our clock may be ahead of the server's at most, in milliseconds: an older session is not the one that is looked for. */
const clocksApart = 3_600_000;

/** Makes a session; where the answer was lost, the one that was made is found by its mark. */
export async function createOnce(ports: MakingPorts, session: NewSession, making: Making): Promise<Session> {
  const { openCode } = ports;
  const metadata = withMark(session.metadata, making.mark);
  return makeOnce(ports, making, {
    make: () => openCode.createSession({ ...session, metadata }),
    find: async () => {
      const all = await openCode.listSessions(session.directory);
      return all.filter((candidate) => parseMark(candidate) === making.mark);
    },
  });
}

/**
 * Forks a session; where the answer was lost, the one that was made is found by the title that the server gives, and by
 * having come since. Where several may be meant, none is touched.
 */
export async function forkOnce(
  ports: MakingPorts,
  source: Pick<Session, 'id' | 'title' | 'directory'>,
  point: ForkPoint,
  making: Making,
): Promise<Session> {
  const { openCode } = ports;
  return makeOnce(ports, making, {
    make: () => openCode.forkSession(source.id, point.before),
    find: async () => {
      const all = await openCode.listSessions(source.directory);
      return all.filter((candidate) => mayBeFork(candidate, source, making));
    },
  });
}

function mayBeFork(
  candidate: Session,
  source: Pick<Session, 'id' | 'title'>,
  { before, since }: Pick<Making, 'before' | 'since'>,
): boolean {
  return (
    !before.has(candidate.id) &&
    candidate.title === serverTitle(source.title) &&
    candidate.parentID === undefined &&
    candidate.time.created >= since &&
    (candidate.fork?.from ?? source.id) === source.id &&
    parseOwnLineage(candidate) === undefined
  );
}

const PlannedMaking = z.object({ before: z.array(z.string()), since: z.number() });

/** The one session that an attempt which a window did not live to see the end of made of its source, among all that there are. */
export function findMade(
  sessions: Pick<Sessions, 'all' | 'get'>,
  { source, made, messageIds }: AttemptRecord,
): Session | undefined {
  const planned = PlannedMaking.safeParse(made['making']).data;
  const from = sessions.get(source);
  if (planned === undefined) return undefined;
  const making = { since: planned.since, before: new Set(planned.before) };
  const mark = messageIds['making'];
  const found = sessions
    .all()
    .filter(
      (candidate) =>
        (mark !== undefined && parseMark(candidate) === mark) ||
        (from !== undefined && mayBeFork(candidate, from, making)),
    );
  return found.length === 1 ? found[0] : undefined;
}

async function makeOnce(
  { wait }: MakingPorts,
  { isAgain }: Making,
  { make, find }: { make: () => Promise<Session>; find: () => Promise<readonly Session[]> },
): Promise<Session> {
  const made = isAgain ? await find() : [];
  if (made.length > 0) return onlyOne(made);
  try {
    return await make();
  } catch (error) {
    if (!mayHaveActed(error)) throw error;
    return onlyOne(await lookFor(find, wait), error);
  }
}

function onlyOne(found: readonly Session[], cause?: unknown): Session {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  throw unknownMaking(cause);
}

/** What is said where nobody knows whether a session was made, or which one. */
export function unknownMaking(cause: unknown): UncertainProblem {
  return new UncertainProblem(
    l10n.t(
      'The answer of the server was lost, and it is not known whether the session was made. Look for it in the list; if it is not there, try again.',
    ),
    { cause },
  );
}

/** Asks until an answer comes, for what may be done twice; throws what the last attempt threw. */
export async function insist<T>({ wait }: Pick<MakingPorts, 'wait'>, act: () => Promise<T>): Promise<T> {
  for (const pause of pauses.slice(1)) {
    try {
      return await act();
    } catch (error) {
      if (!mayHaveActed(error)) throw error;
      await wait(pause);
    }
  }
  return act();
}

async function lookFor(
  find: () => Promise<readonly Session[]>,
  wait: MakingPorts['wait'],
): Promise<readonly Session[]> {
  for (const pause of pauses) {
    await wait(pause);
    // The server may be gone for a while longer.
    const found = await find().catch(() => []);
    if (found.length > 0) return found;
  }
  return [];
}

/** What 1.18 calls a fork. */
function serverTitle(title: string): string {
  const [, base = title, count = '0'] = /^(.+) \(fork #(\d+)\)$/.exec(title) ?? [];
  return `${base} (fork #${Number(count) + 1})`;
}
