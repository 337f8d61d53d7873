import type { EntryChange } from '../../protocol/page/entries.ts';
import type { Transcript, TranscriptChange } from '../transcript/transcript.ts';
import { type SessionLook, viewHead, viewPart } from './transcriptView.ts';

/** What a part needs to be told anew: all of it, or what was appended and that it ended. */
interface PartMark {
  readonly messageId: string;
  whole: boolean;
  appended: string;
  ended: boolean;
}

/**
 * Gathers what changed in a transcript between two messages to the page. It keeps which things changed and reads
 * them only when the page is told, so a thousand changes to one part cost as much as one.
 */
export class TranscriptFrame {
  readonly #heads = new Set<string>();
  readonly #parts = new Map<string, PartMark>();
  readonly #removedMessages = new Set<string>();
  readonly #removedParts = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#heads.size + this.#parts.size + this.#removedMessages.size + this.#removedParts.size === 0;
  }

  add(change: TranscriptChange): void {
    switch (change.kind) {
      case 'head':
        this.#heads.add(change.messageId);
        break;
      case 'part':
        this.#mark(change).whole = true;
        break;
      case 'append':
        this.#mark(change).appended += change.text;
        break;
      case 'ended':
        this.#mark(change).ended = true;
        break;
      case 'messageRemoved':
        this.#removeMessage(change.messageId);
        break;
      case 'partRemoved':
        this.#parts.delete(change.partId);
        this.#removedParts.set(change.partId, change.messageId);
        break;
    }
  }

  clear(): void {
    this.#heads.clear();
    this.#parts.clear();
    this.#removedMessages.clear();
    this.#removedParts.clear();
  }

  /** The changes since the last time. */
  take(transcript: Transcript, look: SessionLook): EntryChange[] {
    const changes = [
      ...[...this.#removedMessages].map((messageId): EntryChange => ({ kind: 'messageRemoved', messageId })),
      ...[...this.#removedParts].map(([partId, messageId]): EntryChange => ({
        kind: 'partRemoved',
        messageId,
        partId,
      })),
      ...[...this.#heads].flatMap((messageId) => toHeadChange(transcript, look, messageId)),
      ...[...this.#parts].flatMap(([partId, mark]) => toPartChanges(transcript, look, partId, mark)),
    ];
    this.clear();
    return changes;
  }

  #mark({ messageId, partId }: { readonly messageId: string; readonly partId: string }): PartMark {
    const mark = this.#parts.get(partId) ?? { messageId, whole: false, appended: '', ended: false };
    this.#parts.set(partId, mark);
    return mark;
  }

  #removeMessage(messageId: string): void {
    this.#heads.delete(messageId);
    for (const [partId, mark] of this.#parts) {
      if (mark.messageId === messageId) this.#parts.delete(partId);
    }
    this.#removedMessages.add(messageId);
  }
}

function toHeadChange(transcript: Transcript, look: SessionLook, messageId: string): EntryChange[] {
  const head = transcript.head(messageId);
  return head === undefined ? [] : [{ kind: 'message', head: viewHead(transcript, look, head) }];
}

function toPartChanges(
  transcript: Transcript,
  look: SessionLook,
  partId: string,
  { messageId, whole, appended, ended }: PartMark,
): EntryChange[] {
  const part = transcript.part(messageId, partId);
  if (part === undefined) return [];
  if (whole) return [{ kind: 'part', messageId, part: viewPart(transcript, look, messageId, part) }];
  const changes: EntryChange[] = [];
  if (appended !== '') changes.push({ kind: 'append', messageId, partId, text: appended });
  if (ended) {
    const end = part.type === 'reasoning' && part.end !== undefined ? { end: part.end } : {};
    changes.push({ kind: 'ended', messageId, partId, ...end });
  }
  return changes;
}
