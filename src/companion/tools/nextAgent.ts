import { gainsRights } from '../../core/continuation/agentRights.ts';
import { choosableAgents, type PromptTarget } from '../../core/turns/promptTarget.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import type { Agent, Session } from '../../protocol/records.ts';
import type { Executor } from '../executor/executor.ts';
import { type AskedOfUser, type Caller, refuse } from './agentTool.ts';

/** How a pattern says that the next agent may edit, and the one before it may not. */
export const mayEditMark = ' (may edit)';

/** Those that can be given a turn, by the configuration as it is at this moment. */
export async function listAgents({ offers, directory }: Executor): Promise<readonly Agent[]> {
  return choosableAgents((await offers.load(directory)).agents);
}

/** Who goes on, checked against the agents that there are. */
export async function findTarget(executor: Executor, session: Session, agent: string): Promise<PromptTarget> {
  const agents = await listAgents(executor);
  if (!agents.some(({ name }) => name === agent)) {
    const names = agents.map(({ name }) => name).join(', ');
    throw refuse(`Nothing was done: there is no agent "${agent}" to go on. Choose one of: ${names}.`);
  }
  return resolveTarget(executor.flow, session, { agent });
}

/** Where the next agent may do more than this one, its pattern says so: the rules ask then, unless a person set others. */
export async function askToPassOn(
  { offers }: Executor,
  asked: {
    readonly session: Session;
    readonly target: PromptTarget;
    readonly caller: Caller;
    readonly permission: AskedOfUser['permission'];
    /** What the user reads beside who passes on to whom. */
    readonly metadata: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { session, target, caller, permission, metadata } = asked;
  const { agents } = await offers.load(session.directory);
  const find = (wanted: string) => agents.find(({ name }) => name === wanted);
  const to = find(target.agent);
  const gains = to !== undefined && gainsRights(find(caller.agent), to);
  await caller.ask({
    permission,
    pattern: gains ? `${target.agent}${mayEditMark}` : target.agent,
    metadata: { from: caller.agent, agent: target.agent, ...metadata },
  });
}

/** The session of the call, which is to be none of a subagent. */
export async function getPassingSession({ flow }: Executor, { sessionId }: Caller): Promise<Session> {
  const session = await flow.openCode.getSession(sessionId);
  if (session.parentID === undefined) return session;
  throw refuse(
    'Nothing was done: a subagent cannot pass its turn on. Say in your answer what is to be done; whoever called you reads it.',
  );
}
