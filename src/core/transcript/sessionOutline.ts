import type { OutlineTurn } from '../../protocol/page/toPage.ts';
import type { MessageWithParts } from '../../protocol/records.ts';
import { ownText } from '../continuation/conversation.ts';
import type { OpenCode, PageEnd } from '../ports/openCode.ts';
import { clampText } from '../entries/clampedText.ts';
import { pagesBack } from './messagesBack.ts';

const textLimit = 200;
/** Beyond so many messages nobody waits for a number. */
const countLimit = 2000;

/**
 * Every prompt of the session, oldest first. It reads the whole history from the server, page by page and keeping
 * none, since the server has no shorter answer. `isWanted` tells whether to go on.
 */
export async function outlineSession(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  isWanted: () => boolean,
): Promise<readonly OutlineTurn[]> {
  const pages: (readonly OutlineTurn[])[] = [];
  for await (const { messages } of pagesBack(openCode, sessionId)) {
    pages.unshift(messages.flatMap(toTurn));
    if (!isWanted()) break;
  }
  return pages.flat();
}

/** How many messages stand before that end; `isMore`: it was not counted to the beginning. */
export async function countMessages(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  before: PageEnd | undefined,
): Promise<{ readonly count: number; readonly isMore: boolean }> {
  let count = 0;
  if (before === undefined) return { count, isMore: false };
  for await (const page of pagesBack(openCode, sessionId, before)) {
    count += page.messages.length;
    if (count >= countLimit) return { count, isMore: page.before !== undefined };
  }
  return { count, isMore: false };
}

function toTurn(message: MessageWithParts): OutlineTurn[] {
  const text = message.info.role === 'user' ? ownText(message) : '';
  return text === '' ? [] : [{ messageId: message.info.id, text: clampText(text, textLimit).text }];
}
