import { Gaps } from '../../core/transcript/gaps.ts';
import { isBefore } from '../../core/transcript/place.ts';
import type { EntryChange, MessageEntry, MessageHead, PartEntry } from '../../protocol/page/entries.ts';

/** A message with its parts, as of the last change applied. */
export interface Message {
  head: MessageHead;
  readonly parts: PartEntry[];
}

/** A change of a part of a message. */
type PartChange = Exclude<EntryChange, { readonly kind: 'message' | 'messageRemoved' }>;

/** The messages of one session that the page was given, oldest first; some may be missing between them. */
export class Entries {
  readonly #gaps = new Gaps();
  readonly #byId = new Map<string, Message>();
  #order: Message[] = [];
  /** Whether there are messages before the first of these. */
  #hasOlder = false;

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

  /** Whether there are messages that are not here. */
  get isPartial(): boolean {
    return this.#hasOlder || !this.#gaps.isEmpty;
  }

  /** Whether messages are missing right before the one at `index`. */
  isMissingBefore(index: number): boolean {
    const before = this.#order[index - 1];
    return before === undefined ? this.#hasOlder : this.#gaps.isAfter(before.head.id);
  }

  /** Takes `entries` for all that is known. */
  reset(entries: readonly MessageEntry[], hasOlder: boolean): void {
    this.#hasOlder = hasOlder;
    this.#gaps.clear();
    this.#order = entries.map(toMessage);
    this.#byId.clear();
    for (const message of this.#order) this.#byId.set(message.head.id, message);
  }

  /** Takes messages between which none is missing; answers with how many of them are new here. */
  join(run: readonly MessageEntry[], hasOlder: boolean): number {
    const unknown = new Map(
      run.filter(({ id }) => !this.#byId.has(id)).map((entry) => [entry.id, toMessage(entry)]),
    );
    for (const [id, message] of unknown) this.#byId.set(id, message);
    this.#order = [...this.#order, ...unknown.values()].sort((one, other) =>
      isBefore(one.head, other.head) ? -1 : 1,
    );
    this.#gaps.join(
      run.map(({ id }) => id),
      (id) => unknown.has(id),
      this.#order.at(-1)?.head.id,
    );
    if (run[0] !== undefined && run[0].id === this.#order[0]?.head.id) this.#hasOlder = hasOlder;
    return unknown.size;
  }

  /** Leaves out all but `margin` messages on each side of `index`, and so many at the end; answers with how many. */
  forgetFar(index: number, margin: number): number {
    const end = this.#order.length - margin;
    return this.#cut(index + margin, end) + this.#cut(0, Math.min(index, end) - margin);
  }

  /** Applies one change. True if a message came, went or moved; what it says of missing messages is passed over. */
  apply(change: EntryChange): boolean {
    if (change.kind === 'message') return this.#setHead(change.head);
    if (change.kind === 'messageRemoved') return this.#remove(change.messageId);
    const parts = this.#byId.get(change.messageId)?.parts;
    if (parts !== undefined) applyToParts(parts, change);
    return false;
  }

  #setHead(head: MessageHead): boolean {
    const known = this.#byId.get(head.id);
    if (known) {
      known.head = head;
      return false;
    }
    const after = this.#order.findLastIndex((other) => !isBefore(head, other.head));
    if (this.isMissingBefore(after + 1) && this.#order.length > 0) return false;
    const message: Message = { head, parts: [] };
    this.#byId.set(head.id, message);
    this.#order.splice(after + 1, 0, message);
    return true;
  }

  #remove(id: string): boolean {
    const index = this.indexOf(id);
    if (index === -1) return false;
    this.#order = this.#order.toSpliced(index, 1);
    this.#gaps.remove(id, this.#order[index - 1]?.head.id);
    return this.#byId.delete(id);
  }

  /** Leaves out the messages from one index up to another. */
  #cut(from: number, to: number): number {
    const cut = this.#order.slice(from, Math.max(from, to)).map(({ head }) => head.id);
    if (cut.length === 0) return 0;
    for (const id of cut) this.#byId.delete(id);
    this.#order = this.#order.toSpliced(from, cut.length);
    if (from === 0) this.#hasOlder = true;
    this.#gaps.cut(cut, this.#order[from - 1]?.head.id);
    return cut.length;
  }
}

function toMessage(entry: MessageEntry): Message {
  const { parts, ...head } = entry;
  return { head, parts: [...parts] };
}

/** Applies a change to the part that it is about; one of a part that is not here is passed over, unless it is a new one. */
function applyToParts(parts: PartEntry[], change: PartChange): void {
  const id = change.kind === 'part' ? change.part.id : change.partId;
  const index = parts.findLastIndex((part) => part.id === id);
  const known = parts[index];
  if (change.kind === 'part') {
    if (known) parts[index] = change.part;
    else parts.splice(parts.findLastIndex((part) => part.id < id) + 1, 0, change.part);
  } else if (known) {
    if (change.kind === 'partRemoved') parts.splice(index, 1);
    else parts[index] = change.kind === 'append' ? appended(known, change.text) : ended(known, change.end);
  }
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
