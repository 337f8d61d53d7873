import type { OpenCode } from '../../core/ports/openCode.ts';
import { hopOfRelayed } from '../../protocol/relayed.ts';
import type { Caller } from './agentTool.ts';

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
