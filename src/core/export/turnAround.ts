import type { MessageWithParts } from '../../protocol/records.ts';
import { isTypedPrompt } from '../continuation/conversation.ts';

/**
 * The messages of the turn that a message belongs to: from the prompt before it, or itself, up to the next one. Undefined
 * where its prompt is not among them, or the message itself.
 */
export function turnAround(
  messages: readonly MessageWithParts[],
  messageId: string,
): readonly MessageWithParts[] | undefined {
  const at = messages.findIndex(({ info }) => info.id === messageId);
  const start = messages.findLastIndex((message, index) => index <= at && isTypedPrompt(message));
  if (start === -1) return undefined;
  const next = messages.findIndex((message, index) => index > at && isTypedPrompt(message));
  return messages.slice(start, next === -1 ? undefined : next);
}
