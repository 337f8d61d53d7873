import { NotFoundProblem, Problem, sentenceOf } from '../../core/errors.ts';
import type { Session } from '../../protocol/records.ts';
import type { Executor } from '../executor/executor.ts';
import { refuse } from './agentTool.ts';

/** A session that an agent names, which is to be one of its own project: others are not its business. */
export async function getProjectSession(
  { flow: { openCode }, directory }: Executor,
  sessionId: string,
): Promise<Session> {
  const session = await openCode.getSession(sessionId).catch((error: unknown) => {
    // A text that is no id at all is refused otherwise than one of which nothing is known.
    if (error instanceof NotFoundProblem || (error instanceof Problem && !error.mayHaveArrived)) {
      throw refuse(
        `There is no session "${sessionId}": ${sentenceOf(error)} Call session_list for those that there are.`,
      );
    }
    throw error;
  });
  if (session.directory === directory) return session;
  const { elsewhere } = await openCode.listProject(directory);
  if (elsewhere.some(({ id }) => id === session.id)) return session;
  throw refuse(
    `Session ${sessionId} belongs to another project and cannot be used from here. Call session_list for those of this project.`,
  );
}
