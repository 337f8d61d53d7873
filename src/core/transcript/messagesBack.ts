import type { MessagePage, OpenCode, PageEnd } from '../ports/openCode.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

const usualPage = 200;

/**
 * The pages of a session's messages from its end, or from before that end, back to its beginning. Each is
 * fetched from the server when it is asked for. A page that holds nothing further is the last, whatever cursor comes
 * with it: a server that goes in circles would be asked for ever.
 */
export async function* pagesBack(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  before?: PageEnd,
  pageSize = usualPage,
): AsyncGenerator<MessagePage, void, undefined> {
  const asked = new Set<PageEnd>();
  const begun = new Set<string>();
  let cursor = before;
  do {
    if (cursor !== undefined) asked.add(cursor);
    const page = await openCode.listMessages(sessionId, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    const first = page.messages[0]?.info.id;
    if (first === undefined || begun.has(first)) return yield { messages: [] };
    begun.add(first);
    cursor = page.before !== undefined && asked.has(page.before) ? undefined : page.before;
    yield { messages: page.messages, ...(cursor === undefined ? {} : { before: cursor }) };
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
