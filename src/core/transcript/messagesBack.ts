import type { OpenCode } from '../openCode.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

const pageSize = 200;

/**
 * The latest messages of a session in the order of time: as many pages as it takes until `isEnough`, or all.
 */
export async function loadMessagesBack(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  isEnough: (messages: readonly MessageWithParts[]) => boolean,
): Promise<readonly MessageWithParts[]> {
  const pages: (readonly MessageWithParts[])[] = [];
  let before: string | undefined;
  do {
    const page = await openCode.listMessages(sessionId, {
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    pages.unshift(page.messages);
    before = page.before;
  } while (before !== undefined && !isEnough(pages.flat()));
  return pages.flat();
}
