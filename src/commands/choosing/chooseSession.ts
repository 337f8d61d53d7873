import type { Dialogs } from '../../core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import { findSource } from '../../flows/preparing/findSource.ts';
import { parseSelection, parseSessionArgument } from './sessionArgument.ts';

export interface ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title'>;
  readonly openCode: Pick<OpenCode, 'getSession'>;
  /** The session that the user looks at. */
  readonly currentSessionId: () => string | undefined;
  /** The sessions whose rows are selected in the tree. */
  readonly selectedSessionIds: () => readonly string[];
  /** By which throw-away sessions are known, which are not offered. */
  readonly proof: Proof;
  readonly dialogs: Pick<Dialogs, 'pickSession'>;
}

export interface SessionPurpose {
  /** The title of the quick pick. */
  readonly title: string;
  /** Which sessions come into question where none was named. */
  readonly suits?: (session: Session) => boolean;
  /** What to say if there is none. */
  readonly none: string;
}

/**
 * The session that a command is about: the one named, else the one being looked at, else the one that the
 * user picks. undefined: the user picked none.
 */
export async function chooseSession(
  deps: ChooseSessionDeps,
  argument: unknown,
  purpose: SessionPurpose,
): Promise<Session | undefined> {
  const { sessionId, fromSelection } = parseSessionArgument(argument);
  const named = fromSelection === true ? deps.selectedSessionIds()[0] : sessionId;
  return named === undefined ? chooseUnnamed(deps, purpose) : findSource(deps, { sessionId: named });
}

/** As `chooseSession`, for commands that act on all the selected rows at once. */
export async function chooseSessions(
  deps: ChooseSessionDeps,
  argument: unknown,
  selection: unknown,
  purpose: SessionPurpose,
): Promise<readonly Session[]> {
  const { fromSelection } = parseSessionArgument(argument);
  const named = fromSelection === true ? deps.selectedSessionIds() : parseSelection(argument, selection);
  if (named.length > 0) return Promise.all(named.map((sessionId) => findSource(deps, { sessionId })));
  const chosen = await chooseUnnamed(deps, purpose);
  return chosen === undefined ? [] : [chosen];
}

async function chooseUnnamed(
  deps: ChooseSessionDeps,
  { title, suits = () => true, none }: SessionPurpose,
): Promise<Session | undefined> {
  const { sessions, dialogs } = deps;
  const current = await findCurrent(deps);
  if (current !== undefined && suits(current)) return current;
  const candidates = sessions
    .all()
    .filter((session) => readScratch(deps.proof, session) === undefined && suits(session));
  if (candidates.length === 0) throw new Problem(none);
  const picked = await dialogs.pickSession(title, candidates);
  return picked === undefined ? undefined : sessions.get(picked);
}

/** The session being looked at; it may have been made a moment ago, or be gone. */
async function findCurrent(deps: ChooseSessionDeps): Promise<Session | undefined> {
  const currentId = deps.currentSessionId();
  if (currentId === undefined) return undefined;
  try {
    return await findSource(deps, { sessionId: currentId });
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}
