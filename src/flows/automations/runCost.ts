import { NotFoundProblem } from '../../core/errors.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import type { RunRecord } from '../../core/automations/runRecord.ts';

/**
 * What the answers to the prompts of a run cost in USD, by the server; undefined: it sent none, or none has arrived. What goes
 * on there with later prompts is not counted.
 */
export async function readRunCost(
  openCode: Pick<OpenCode, 'listMessages'>,
  { sent }: Pick<RunRecord, 'sent'>,
): Promise<number | undefined> {
  const costs = await Promise.all(
    sent.map(async ({ sessionId, messageId }) =>
      messageId === undefined ? undefined : costOfAnswers(openCode, sessionId, messageId),
    ),
  );
  const known = costs.filter((cost) => cost !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, cost) => sum + cost, 0);
}

async function costOfAnswers(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  messageId: string,
): Promise<number | undefined> {
  const isThere = (loaded: readonly { readonly info: { readonly id: string } }[]): boolean =>
    loaded.some(({ info }) => info.id === messageId);
  try {
    const messages = await loadMessagesBack(openCode, sessionId, isThere);
    if (!isThere(messages)) return undefined;
    return messages.reduce(
      (sum, { info }) => (info.role === 'assistant' && info.parentID === messageId ? sum + info.cost : sum),
      0,
    );
  } catch (error) {
    // The session was deleted meanwhile.
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}
