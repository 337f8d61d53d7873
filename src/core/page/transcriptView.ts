import type { MessageEntry, MessageHead, PartEntry } from '../../protocol/page/entries.ts';
import { isBefore } from '../transcript/place.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { asInterrupted, isOpenPart } from '../entries/transcriptEntry.ts';

/** What of the session decides how its entries look. */
export interface SessionLook {
  readonly idle: boolean;
  /** The first message that a revert took back. */
  readonly revertedFrom: string | undefined;
}

/** These messages as they look in this session. */
export function viewEntries(
  transcript: Transcript,
  look: SessionLook,
  messageIds: readonly string[],
): MessageEntry[] {
  return messageIds.flatMap((messageId) => {
    const entry = transcript.entry(messageId);
    if (entry === undefined) return [];
    const parts = entry.parts.map((part) => viewPart(transcript, look, messageId, part));
    return [{ ...viewHead(transcript, look, entry), parts }];
  });
}

export function viewHead<Head extends MessageHead>(
  transcript: Transcript,
  look: SessionLook,
  head: Head,
): Head {
  return isReverted(transcript, look, head) ? { ...head, reverted: true } : head;
}

/** Where the message from which on a revert took them back is not loaded, its id tells: ids ascend. */
function isReverted(transcript: Transcript, { revertedFrom }: SessionLook, head: MessageHead): boolean {
  if (revertedFrom === undefined) return false;
  const from = transcript.head(revertedFrom);
  return from === undefined ? head.id >= revertedFrom : !isBefore(head, from);
}

/** A tool call or a thought without an end goes on only in the newest answer of a session that works. */
export function viewPart(
  transcript: Transcript,
  look: SessionLook,
  messageId: string,
  part: PartEntry,
): PartEntry {
  if (!isOpenPart(part)) return part;
  return look.idle || transcript.newestAnswer !== messageId ? asInterrupted(part) : part;
}
