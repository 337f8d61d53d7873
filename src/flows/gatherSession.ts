import { filesTouched } from '../core/continuation/filesTouched.ts';
import { type Gathered, type GitState, toGathered } from '../core/continuation/gathered.ts';
import type { OpenCode } from '../core/openCode.ts';

export interface GatherPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'listTodos' | 'listToolIds'>;
  /** Of the working tree there; undefined where there is none. */
  readonly git: (directory: string) => Promise<GitState | undefined>;
  /** Of paths relative to the directory (or absolute), those that do not exist. */
  readonly findMissing: (directory: string, paths: readonly string[]) => Promise<readonly string[]>;
}

/** More than any continuation prompt says; the rest of a long session is not loaded. */
const messageLimit = 300;

/** Gathers what continuation prompts are made of, without a model and all at once. */
export async function gatherSession(
  { openCode, git, findMissing }: GatherPorts,
  sessionId: string,
): Promise<Gathered> {
  const known = openCode.getSession(sessionId);
  const [session, { messages }, todos, toolIds, gitState] = await Promise.all([
    known,
    openCode.listMessages(sessionId, { limit: messageLimit }),
    openCode.listTodos(sessionId),
    known.then(({ directory }) => openCode.listToolIds(directory)),
    known.then(({ directory }) => git(directory)),
  ]);
  const missingFiles = await findMissing(session.directory, filesTouched(messages, session.directory));
  return toGathered({ session, messages, todos, toolIds, git: gitState, missingFiles });
}
