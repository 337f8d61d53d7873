import * as z from 'zod';
import { makeMessageId } from '../../core/turns/messageId.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import { relayedByAgent, sentBySession } from '../../core/prompts/sentByAgent.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import { forkWithPrompt } from '../../flows/forkApproaches.ts';
import { handOff } from '../../flows/handOff.ts';
import { findForkPointWithin } from '../../flows/preparing/findForkPoint.ts';
import { nextForkTitle } from '../../flows/preparing/forkTitles.ts';
import type { Session } from '../../protocol/records.ts';
import type { Executor } from '../executor/executor.ts';
import { heldForAgent } from '../executor/heldWords.ts';
import { agentTool, type AskedOfUser, type Caller, type ToolAnswer } from './agentTool.ts';
import { beginHop, hopsOf } from './hops.ts';
import { askToPassOn, findTarget, getPassingSession, listAgents } from './nextAgent.ts';

const modes = ['message', 'new', 'compact', 'fork'] as const;
type Mode = (typeof modes)[number];

const parameters = z.object({
  text: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty: say what is to be done')
    .describe('What is to be done, as you would say it to whoever goes on.'),
  mode: z
    .enum(modes)
    .describe(
      'message: the agent goes on in this session once your turn has ended. new: a fresh session without this conversation. compact: this session is compacted first, then the agent goes on. fork: a new session with this conversation up to here.',
    ),
  agent: z.string().optional().describe('Who goes on. Without it the current agent does.'),
});

const description = `Passes the turn to another agent, or continues elsewhere.

- mode "message": another agent (or you) goes on in this same session, with all of its conversation, after your turn has ended. Several calls in one turn are delivered one after the other, in their order.
- mode "new": begins a fresh session that knows nothing of this one but your text. Say all that it needs.
- mode "compact": the session is compacted once your turn has ended; then the agent goes on with your text.
- mode "fork": makes an independent session with this conversation up to here, e.g. to try an approach. Call it several times for several approaches.

It returns at once. Nothing is answered to you here: after "message" and "compact" end your turn.`;

const permissions: Readonly<Record<Mode, AskedOfUser['permission']>> = {
  message: 'relay',
  new: 'handoff',
  compact: 'compact',
  fork: 'fork',
};

/** Lets an agent relay, begin a session, compact and fork. */
export const sessionTool = agentTool({
  name: 'session',
  description,
  parameters,
  remark: async (executor) => {
    const agents = await listAgents(executor);
    return `Agents: ${agents.map(({ name, description: what }) => (what ? `${name} (${what})` : name)).join('; ')}.`;
  },
  run: async (executor, { text, mode, agent }, caller) => {
    const session = await getPassingSession(executor, caller);
    const target = await findTarget(executor, session, agent ?? caller.agent);
    const permission = permissions[mode];
    await askToPassOn(executor, { session, target, caller, permission, metadata: { mode, text } });
    await caller.untilTurn();
    switch (mode) {
      case 'message':
      case 'compact':
        return queue(executor, { session, target, mode, text, caller });
      case 'new':
        return begin(executor, { session, target, text, caller });
      case 'fork':
        return fork(executor, { session, target, text, caller });
    }
  },
});

interface Wish {
  readonly session: Session;
  readonly target: PromptTarget;
  readonly text: string;
  readonly caller: Caller;
}

/** Behind the running turn, among the relays of the session: shown, held and dropped as those are. */
async function queue(
  { flow, relays }: Executor,
  { session, target, mode, text, caller }: Wish & { readonly mode: 'message' | 'compact' },
): Promise<ToolAnswer> {
  const hops = await hopsOf(flow.openCode, caller);
  const leg = {
    ...target,
    messageId: makeMessageId(flow.ids),
    from: { session: session.id, agent: caller.agent },
    text: relayedByAgent(text, caller.agent),
    ...(mode === 'compact' && { compacts: true as const }),
  };
  const [added] = await relays.add(session.id, [leg], hops);
  const held = flow.hold.isHeld() ? ` ${heldForAgent} It waits until then.` : '';
  return {
    title: mode === 'compact' ? `Compact, then ${target.agent}` : `To ${target.agent}`,
    output:
      mode === 'compact'
        ? `The session is compacted once your turn has ended, and then ${target.agent} goes on with your text.${held} End your turn now.`
        : `${target.agent} goes on with your text in this session once your turn has ended.${held} End your turn now; nothing is answered to you here.`,
    metadata: {
      sessionId: session.id,
      ...(added && { messageId: added.messageId }),
      agent: target.agent,
      mode,
    },
  };
}

async function begin(executor: Executor, { session, target, text, caller }: Wish): Promise<ToolAnswer> {
  const { flow, sessions } = executor;
  const sender = { id: session.id, title: sessions.title(session), agent: caller.agent };
  const made = await handOff(flow, {
    source: session,
    // The server would name it by who wrote to it.
    title: nameSession({ title: '' }, text),
    ...target,
    text: sentBySession(text, sender),
    todos: [],
    relayed: await beginHop(executor, caller),
    report: makeMessageId(flow.ids),
  });
  return {
    title: `New session with ${target.agent}`,
    output: `A new session was begun (${made.session.id}), in which ${target.agent} works on your text. It goes on by itself; you are told here how it fared.`,
    metadata: { sessionId: made.session.id, agent: target.agent, mode: 'new' },
  };
}

async function fork(executor: Executor, { session, target, text, caller }: Wish): Promise<ToolAnswer> {
  const { flow } = executor;
  const relayed = await beginHop(executor, caller);
  const point = await findForkPointWithin(flow.openCode, session, caller.messageId);
  const title = nextForkTitle(flow.sessions, session);
  const made = await forkWithPrompt(flow, session, point, {
    title,
    name: `${caller.messageId} ${text}`,
    prompt: { ...target, text: relayedByAgent(text, caller.agent), relayed },
    report: makeMessageId(flow.ids),
  });
  return {
    title: `Fork with ${target.agent}`,
    output: `The session was forked (${made.session.id}, "${title}"), with this conversation up to here; ${target.agent} works there on your text. It goes on by itself; you are told here how it fared.`,
    metadata: { sessionId: made.session.id, agent: target.agent, mode: 'fork' },
  };
}
