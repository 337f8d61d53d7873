import type { EntryChange, MessageEntry, MessageHead, PartEntry } from '../protocol/page.ts';

/** A message with its parts, as of the last change applied. */
export interface Message {
  head: MessageHead;
  readonly parts: PartEntry[];
}

/** The messages of one session that the page was given, oldest first. */
export class Entries {
  readonly #byId = new Map<string, Message>();
  #order: Message[] = [];

  get all(): readonly Message[] {
    return this.#order;
  }

  get(id: string): Message | undefined {
    return this.#byId.get(id);
  }

  indexOf(id: string): number {
    const message = this.#byId.get(id);
    return message === undefined ? -1 : this.#order.indexOf(message);
  }

  /** Takes `entries` as the newest messages; older ones stay where they join on without a gap. */
  reset(entries: readonly MessageEntry[], hasOlder: boolean): void {
    const first = entries[0];
    const joint = first === undefined || !hasOlder ? -1 : this.indexOf(first.id);
    const older = this.#order.slice(0, Math.max(0, joint));
    this.#byId.clear();
    this.#order = [...older, ...entries.map(toMessage)];
    for (const message of this.#order) this.#byId.set(message.head.id, message);
  }

  /** Puts `entries` before the others. */
  prepend(entries: readonly MessageEntry[]): void {
    const unknown = entries.filter((entry) => !this.#byId.has(entry.id)).map(toMessage);
    for (const message of unknown) this.#byId.set(message.head.id, message);
    this.#order = [...unknown, ...this.#order];
  }

  /** Applies one change. True if a message came, went or moved; what it says of unknown messages is passed over. */
  apply(change: EntryChange): boolean {
    switch (change.kind) {
      case 'message':
        return this.#setHead(change.head);
      case 'messageRemoved':
        return this.#remove(change.messageId);
      case 'part':
        this.#setPart(change.messageId, change.part);
        return false;
      case 'append':
        this.#changePart(change.messageId, change.partId, (part) => appended(part, change.text));
        return false;
      case 'ended':
        this.#changePart(change.messageId, change.partId, (part) => ended(part, change.end));
        return false;
      case 'partRemoved':
        this.#removePart(change.messageId, change.partId);
        return false;
    }
  }

  #setHead(head: MessageHead): boolean {
    const known = this.#byId.get(head.id);
    if (known) {
      known.head = head;
      return false;
    }
    const message: Message = { head, parts: [] };
    this.#byId.set(head.id, message);
    const after = this.#order.findLastIndex((other) => !isBefore(head, other.head));
    this.#order.splice(after + 1, 0, message);
    return true;
  }

  #remove(id: string): boolean {
    this.#order = this.#order.filter((message) => message.head.id !== id);
    return this.#byId.delete(id);
  }

  #setPart(messageId: string, part: PartEntry): void {
    const parts = this.#byId.get(messageId)?.parts;
    if (!parts) return;
    const index = parts.findIndex((other) => other.id === part.id);
    if (index >= 0) parts[index] = part;
    else parts.splice(parts.findLastIndex((other) => other.id < part.id) + 1, 0, part);
  }

  #changePart(messageId: string, partId: string, change: (part: PartEntry) => PartEntry): void {
    const parts = this.#byId.get(messageId)?.parts;
    const index = parts?.findLastIndex((part) => part.id === partId) ?? -1;
    const part = parts?.[index];
    if (parts && part) parts[index] = change(part);
  }

  #removePart(messageId: string, partId: string): void {
    const parts = this.#byId.get(messageId)?.parts;
    const index = parts?.findIndex((part) => part.id === partId) ?? -1;
    if (index >= 0) parts?.splice(index, 1);
  }
}

function toMessage(entry: MessageEntry): Message {
  const { parts, ...head } = entry;
  return { head, parts: [...parts] };
}

function isBefore(one: MessageHead, other: MessageHead): boolean {
  return one.created !== other.created ? one.created < other.created : one.id < other.id;
}

function appended(part: PartEntry, text: string): PartEntry {
  if (part.type === 'text' || part.type === 'reasoning') return { ...part, text: part.text + text };
  if (part.type === 'tool') {
    return { ...part, output: { ...part.output, text: (part.output?.text ?? '') + text } };
  }
  return part;
}

function ended(part: PartEntry, end: number | undefined): PartEntry {
  if (part.type === 'text') return { ...part, done: true };
  return part.type === 'reasoning' && end !== undefined ? { ...part, end } : part;
}
