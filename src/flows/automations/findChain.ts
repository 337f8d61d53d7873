import type { OpenCode } from '../../core/ports/openCode.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { isOfAgent, parseRelayed } from '../../protocol/relayed.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { isCopiedPrompt } from '../../core/turns/messageId.ts';

export type FindChainPorts = Pick<OpenCode, 'listMessages' | 'getSession'>;

/** So many sessions are gone back through: agents that write to each other may do so in a circle. */
const reach = 8;
const page = 50;

/**
 * The names of the automations that led to a turn, first first, by what stands with its prompt: one that an automation wrote
 * names them; what an agent wrote has those of the turn in which it did so; what a subagent does has those of the session that
 * it works for. A prompt of a person has none. `promptId` absent: the last one.
 */
export async function findChain(
  openCode: FindChainPorts,
  session: Session,
  promptId: string | undefined,
): Promise<readonly string[]> {
  return chainOf(openCode, session, promptId, reach);
}

async function chainOf(
  openCode: FindChainPorts,
  session: Session,
  promptId: string | undefined,
  left: number,
): Promise<readonly string[]> {
  if (left === 0) return [];
  const messages = await loadMessagesBack(
    openCode,
    session.id,
    (loaded) => judgePrompts(loaded, promptId).isKnown,
    page,
  );
  const { chain, elsewhere } = judgePrompts(messages, promptId);
  const prompts = messages.flatMap(({ info }) => (info.role === 'user' ? info : []));
  const made = parseLineage(session)?.automation?.chain;
  // What a fork copied was said elsewhere: its own prompt is still on its way, or did not arrive.
  if (made !== undefined && prompts.length > 0 && prompts.every(isCopiedPrompt)) return made;
  // What a subagent is told is written by the agent that it works for, and has no mark.
  if (chain !== undefined && (chain.length > 0 || session.parentID === undefined)) return chain;
  // A session that has no prompt of a person yet is as whoever made it left it.
  if (made !== undefined && prompts.length <= 1) return made;
  const above = session.parentID ?? elsewhere;
  if (above === undefined) return [];
  const other = await findSession(openCode, above);
  return other === undefined ? [] : chainOf(openCode, other, undefined, left - 1);
}

interface Judged {
  /** Nothing before these messages says more. */
  readonly isKnown: boolean;
  readonly chain?: readonly string[];
  /** The session whose agent wrote the prompt. */
  readonly elsewhere?: string;
}

/** From that prompt back: what nobody wrote, and what an agent of the session wrote, belongs to the prompt before. */
function judgePrompts(messages: readonly MessageWithParts[], promptId: string | undefined): Judged {
  const prompts = messages.filter(({ info }) => info.role === 'user');
  const at = promptId === undefined ? -1 : prompts.findIndex(({ info }) => info.id === promptId);
  if (promptId !== undefined && at === -1) return { isKnown: false };
  for (const { parts } of prompts.slice(0, at === -1 ? undefined : at + 1).toReversed()) {
    const texts = parts.filter((part) => part.type === 'text');
    const marks = texts.flatMap((part) => parseRelayed(part) ?? []);
    const chain = marks.find(({ automation }) => automation !== undefined)?.automation?.chain;
    if (chain !== undefined) return { isKnown: true, chain };
    const elsewhere = marks.find(({ session }) => session !== undefined)?.session;
    if (elsewhere !== undefined) return { isKnown: true, elsewhere };
    const isOfPerson = texts.some((part) => part.synthetic !== true && !isOfAgent(part));
    if (isOfPerson) return { isKnown: true, chain: [] };
  }
  return { isKnown: false };
}

async function findSession(openCode: FindChainPorts, sessionId: string): Promise<Session | undefined> {
  try {
    return await openCode.getSession(sessionId);
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}
