import { NotFoundProblem } from '../../core/errors.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

/** A message by its id; undefined: the server does not have it. */
export async function findMessage(
  openCode: Pick<OpenCode, 'getMessage'>,
  sessionId: string,
  messageId: string,
): Promise<MessageWithParts | undefined> {
  try {
    return await openCode.getMessage(sessionId, messageId);
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}
