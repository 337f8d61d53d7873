import type { MessagePage, OpenCode } from '../ports/openCode.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

const usualPage = 200;

/**
 * The pages of a session's messages from its end, or from before the cursor `before`, back to its beginning. Each is
 * fetched from the server when it is asked for.
 */
export async function* pagesBack(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  before?: string,
  pageSize = usualPage,
): AsyncGenerator<MessagePage, void, undefined> {
  let cursor = before;
  do {
    const page = await openCode.listMessages(sessionId, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    yield page;
    cursor = page.before;
  } while (cursor !== undefined);
}

/**
 * The latest messages of a session in the order of time: as many pages as it takes until `isEnough`, or all.
 */
export async function loadMessagesBack(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  isEnough: (messages: readonly MessageWithParts[]) => boolean,
  pageSize?: number,
): Promise<readonly MessageWithParts[]> {
  const pages: (readonly MessageWithParts[])[] = [];
  for await (const { messages, before } of pagesBack(openCode, sessionId, undefined, pageSize)) {
    pages.unshift(messages);
    if (before !== undefined && isEnough(pages.flat())) break;
  }
  return pages.flat();
}
