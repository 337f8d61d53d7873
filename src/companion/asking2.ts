import { matchesPattern } from './matchesPattern.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { PermissionRule } from '../protocol/records.ts';
import { type AskedOfUser, type Caller, refuse } from './tools/agentTool.ts';
import { mayEditMark } from './tools/nextAgent.ts';
import type { PluginContext2, ToolContext2 } from './context2.ts';

type Asker = Pick<OpenCode, 'listAgents' | 'getSession' | 'updateSession'>;
type Ask = NonNullable<NonNullable<PluginContext2['permission']>['ask']>;

export interface AskingPorts {
  /** Of the plugin; the agents are those that it offers. */
  readonly directory: string;
  readonly openCode: () => Promise<Asker>;
  /** Absent where the server has plugins ask nobody. */
  readonly ask: Ask | undefined;
}

/**
 * Has the user asked as rules want it: those of the agent and of the session that name the act, else ours, which ask where
 * an agent that only reads passes the turn to one that may edit, and before anything is sent to another session. No
 * plugin of 2.x can add rules to the configuration, so that one of ours goes to the session before the server asks by it.
 */
export async function askUser(
  { directory, openCode, ask }: AskingPorts,
  context: ToolContext2,
  { permission, pattern, metadata }: AskedOfUser,
): ReturnType<Caller['ask']> {
  const server = await openCode();
  const [agents, session] = await Promise.all([
    server.listAgents(directory),
    server.getSession(context.sessionID),
  ]);
  const agent = agents.find(({ name }) => name === context.agent);
  const rules = [...(agent?.permission ?? []), ...(session.permission ?? [])];
  const ruled = rules.findLast(
    (rule) =>
      // What is said of everything says nothing of our acts.
      rule.permission !== '*' &&
      matchesPattern(rule.permission, permission) &&
      matchesPattern(rule.pattern, pattern),
  );
  const action = ruled?.action ?? ownAction(permission, pattern);
  if (action === 'allow') return;
  if (action === 'deny') throw refuse(`Nothing was done: a rule of the user does not allow ${permission}.`);
  if (ask === undefined) {
    throw refuse(
      `Nothing was done: the user would have to be asked for ${permission}, and this OpenCode lets no plugin ask. Tell the user what you wanted, who can do it in the editor.`,
    );
  }
  if (ruled === undefined) {
    const rule: PermissionRule = { permission, pattern, action: 'ask' };
    await server.updateSession(session.id, { permission: [rule] });
  }
  await ask({
    sessionID: context.sessionID,
    action: permission,
    resources: [pattern],
    save: [pattern],
    source: { type: 'tool', messageID: context.messageID, id: context.id },
    metadata,
  });
}

function ownAction(permission: AskedOfUser['permission'], pattern: string): PermissionRule['action'] {
  return permission === 'message' || pattern.endsWith(mayEditMark) ? 'ask' : 'allow';
}
