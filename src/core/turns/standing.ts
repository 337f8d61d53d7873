import type { MessageWithParts, Session } from '../../protocol/records.ts';

type Revert = NonNullable<Session['revert']>;

/**
 * How many of the messages stand before what a revert took back, which the server goes on listing until the next prompt. `messages` are the latest of the session in the order of time. A message of which only parts were
 * taken back is not among them.
 */
export function countStanding(messages: readonly MessageWithParts[], revert: Revert | undefined): number {
  if (revert === undefined) return messages.length;
  const cut = messages.findIndex(({ info }) => info.id === revert.messageID);
  if (cut !== -1) return cut;
  // Of the latest ones alone, all came after it.
  const later = messages.findIndex(({ info }) => info.id > revert.messageID);
  return later === -1 ? messages.length : later;
}

/** The messages, and the parts of the last one, that a revert leaves. */
export function withoutReverted(
  messages: readonly MessageWithParts[],
  revert: Revert | undefined,
): readonly MessageWithParts[] {
  const count = countStanding(messages, revert);
  const standing = messages.slice(0, count);
  const cut = messages[count];
  if (cut === undefined || revert?.partID === undefined || cut.info.id !== revert.messageID) return standing;
  const kept = cut.parts.findIndex(({ id }) => id === revert.partID);
  return kept > 0 ? [...standing, { ...cut, parts: cut.parts.slice(0, kept) }] : standing;
}
