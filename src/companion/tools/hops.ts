import type { OpenCode } from '../../core/ports/openCode.ts';
import { hopOfRelayed } from '../../protocol/relayed.ts';
import type { Relayed } from '../../protocol/relayed.ts';
import type { Executor } from '../executor/executor.ts';
import { heldForAgent } from '../executor/heldWords.ts';
import { type Caller, refuse } from './agentTool.ts';

/** How far the chain of relays is in whose turn the agent calls; 0 in a turn that a person began. */
export async function hopsOf(
  openCode: Pick<OpenCode, 'getMessage'>,
  { sessionId, messageId }: Pick<Caller, 'sessionId' | 'messageId'>,
): Promise<number> {
  const { info } = await openCode.getMessage(sessionId, messageId);
  if (info.role !== 'assistant') return 0;
  const { parts } = await openCode.getMessage(sessionId, info.parentID);
  return Math.max(0, ...parts.map((part) => (part.type === 'text' ? hopOfRelayed(part) : 0)));
}

/** What an agent begins a session with: sessions that agents begin from one another end somewhere, as relays do. */
export async function beginHop(
  { flow, hopLimit }: Pick<Executor, 'flow' | 'hopLimit'>,
  caller: Caller,
): Promise<Relayed> {
  if (flow.hold.isHeld()) {
    throw refuse(
      `Nothing was done: ${heldForAgent} No session is begun meanwhile. Say in your answer what is to be done, and end your turn; the user decides.`,
    );
  }
  const hop = (await hopsOf(flow.openCode, caller)) + 1;
  if (hop > hopLimit) {
    throw refuse(
      `Nothing was done: agents began this session from one another, and ${hopLimit} in a row are allowed. Say in your answer what is to be done; the user decides.`,
    );
  }
  return { hop, from: { session: caller.sessionId, agent: caller.agent } };
}
