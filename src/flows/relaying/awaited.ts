import { runErrorWords } from '../../core/errorWords.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { sayShort } from '../../core/continuation/digest/say.ts';
import { readMarkdown } from '../../core/continuation/digest/markdown.ts';
import { ownText } from '../../core/continuation/conversation.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import { judgePrompt } from '../../core/turns/judgeMessages.ts';
import { parsePendingRelays, type RelayLeg } from '../../protocol/pending.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';

type AwaitedPorts = Pick<OpenCode, 'getSession' | 'listMessages' | 'listStatuses'>;

const readLimit = 100;
/** Tokens of an answer that are told; the rest is read with a tool. */
const answerLength = 300;

/**
 * What came of the prompt of another session that a leg awaits, for the model that reads it; undefined: it waits there, or
 * the session works at it. Throws what the server answers, but for a session that is gone.
 */
export async function readAwaited(
  openCode: AwaitedPorts,
  { session: id, messageId }: NonNullable<RelayLeg['awaits']>,
): Promise<string | undefined> {
  try {
    const session = await openCode.getSession(id);
    const isPending = parsePendingRelays(session)?.legs.some((leg) => leg.messageId === messageId) === true;
    if (isPending || (await isBusy(openCode, session))) return undefined;
    const { messages } = await openCode.listMessages(id, { limit: readLimit });
    return tellOf(session, describeEnd(messages, messageId));
  } catch (error) {
    if (error instanceof NotFoundProblem) return `The session \`${id}\` was deleted.`;
    throw error;
  }
}

/** What a model is told of another session. */
export function tellOf(session: Session, what: string): string {
  return `Session "${nameSession(session, undefined)}" (\`${session.id}\`): ${what}`;
}

function describeEnd(messages: readonly MessageWithParts[], messageId: string): string {
  if (!messages.some(({ info }) => info.id === messageId)) {
    return 'your message was not delivered: the user took it out, or stopped the run before it.';
  }
  const ending = judgePrompt(messages, messageId);
  switch (ending.kind) {
    case 'answered': {
      const answer = messages.find(({ info }) => info.id === ending.answer.id);
      const said = answer === undefined ? '' : sayShort(readMarkdown(ownText(answer)), answerLength);
      return said === '' ? 'it has settled, with an empty answer.' : `it has settled. It answered: ${said}`;
    }
    case 'failed':
      return `its turn failed: ${runErrorWords(ending.error)}`;
    case 'aborted':
      return 'the user stopped its turn.';
    case 'rejected':
      return 'its turn ended without an answer, because the user rejected what it asked for.';
    default:
      return 'its turn ended, and whether it answered you is not known. Read it.';
  }
}
