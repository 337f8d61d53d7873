import type { MessageEntry, MessageHead, PartEntry } from '../../protocol/page/entries.ts';
import type { Message, MessageWithParts, Part } from '../../protocol/records.ts';
import { isSame } from '../isSame.ts';
import type { PageEnd } from '../ports/openCode.ts';
import { clampText } from '../entries/clampedText.ts';
import { Gaps } from './gaps.ts';
import { Orphans } from './orphans.ts';
import { isBefore } from './place.ts';
import { entryLimits, isOpenPart, toMessageHead, toPartEntry } from '../entries/transcriptEntry.ts';

/** What became different in a transcript; the state itself is read from it. */
export type TranscriptChange =
  | { readonly kind: 'head'; readonly messageId: string }
  | { readonly kind: 'part'; readonly messageId: string; readonly partId: string }
  | { readonly kind: 'append'; readonly messageId: string; readonly partId: string; readonly text: string }
  /** A streamed text is complete and was already told as it stands. */
  | { readonly kind: 'ended'; readonly messageId: string; readonly partId: string }
  | { readonly kind: 'messageRemoved'; readonly messageId: string }
  | { readonly kind: 'partRemoved'; readonly messageId: string; readonly partId: string };

interface Kept {
  head: MessageHead;
  /** By id, in the order of ids: the server's own. */
  readonly parts: Map<string, PartEntry>;
  /** The greatest id that was among them. */
  lastPartId: string;
}

/**
 * The newest messages of one session and runs of older ones, as entries for the page: clamped, so that a session of any
 * size costs little. Ordered by time, then by id, as the server's own clients do; message ids of other clients need
 * not ascend.
 */
export class Transcript {
  readonly #messages = new Map<string, Kept>();
  readonly #order: string[] = [];
  readonly #openParts = new Map<string, string>();
  readonly #orphans = new Orphans();
  readonly #gaps = new Gaps();
  /** Where the page before these messages ends; undefined: they begin with the first. */
  #before: PageEnd | undefined;
  /** Whether messages were left out that a page may still have. */
  #hasForgotten = false;

  constructor(page: { readonly messages: readonly MessageWithParts[]; readonly before?: string }) {
    for (const message of page.messages) this.#put(message);
    this.#before = page.before;
  }

  get size(): number {
    return this.#order.length;
  }

  get before(): PageEnd | undefined {
    return this.#before;
  }

  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  /** Ids of the messages, oldest first. */
  get messageIds(): readonly string[] {
    return this.#order;
  }

  /** The id of the last message of the assistant. */
  get newestAnswer(): string | undefined {
    return this.#order.findLast((messageId) => this.head(messageId)?.role === 'assistant');
  }

  /** The newest message of the person: a fork's record names neither agent nor model, its prompts do. */
  get latestPrompt(): MessageHead | undefined {
    const id = this.#order.findLast((messageId) => this.head(messageId)?.role === 'user');
    return id === undefined ? undefined : this.head(id);
  }

  has(messageId: string): boolean {
    return this.#messages.has(messageId);
  }

  head(messageId: string): MessageHead | undefined {
    return this.#messages.get(messageId)?.head;
  }

  part(messageId: string, partId: string): PartEntry | undefined {
    return this.#messages.get(messageId)?.parts.get(partId);
  }

  entry(messageId: string): MessageEntry | undefined {
    const kept = this.#messages.get(messageId);
    return kept && { ...kept.head, parts: [...kept.parts.values()] };
  }

  entries(): MessageEntry[] {
    return this.#order.flatMap((messageId) => this.entry(messageId) ?? []);
  }

  /** The tool calls and thoughts that have no end, as message and part. */
  openParts(): { readonly messageId: string; readonly partId: string }[] {
    return [...this.#openParts].map(([partId, messageId]) => ({ messageId, partId }));
  }

  /**
   * Up to `limit` messages that stand right before or after one, with none missing between, oldest first.
   */
  beside(messageId: string, side: 'before' | 'after', limit: number): readonly string[] {
    const start = this.#order.indexOf(messageId);
    if (start === -1) return [];
    const step = side === 'before' ? -1 : 1;
    let end = start;
    while (Math.abs(end - start) < limit && this.#goesOn(end, step)) end += step;
    return step < 0 ? this.#order.slice(end, start) : this.#order.slice(start + 1, end + 1);
  }

  /** Whether messages that stand right before or after this one are not here. */
  isMissingBeside(messageId: string, side: 'before' | 'after'): boolean {
    if (side === 'after') return this.#gaps.isAfter(messageId);
    const index = this.#order.indexOf(messageId);
    return index === 0 ? this.#before !== undefined : this.#gaps.isAfter(this.#order[index - 1] ?? '');
  }

  /**
   * Takes messages between which none is missing, up to `next`, a message that was here, where that follows on them.
   * Answers with the ids that were not there, oldest first.
   */
  merge(
    page: { readonly messages: readonly MessageWithParts[]; readonly before?: string },
    next?: string,
  ): string[] {
    const ids = page.messages.map(({ info }) => info.id);
    const unknown = new Set(ids.filter((id) => !this.#messages.has(id)));
    for (const message of page.messages) this.#put(message);
    const run = next !== undefined && this.#messages.has(next) ? [...ids, next] : ids;
    this.#gaps.join(run, (id) => unknown.has(id), this.#order.at(-1));
    // What stands before a message and has nothing, or that message itself, would be asked for again and again.
    const isLast = next !== undefined && (ids.length === 0 || ids.includes(next));
    if (run[0] === this.#order[0]) this.#before = isLast ? undefined : page.before;
    return [...unknown];
  }

  /** Leaves out all but `margin` messages on each side of one, and so many at the end: they are missing from then on. */
  forgetFar(messageId: string, margin: number): void {
    const index = this.#order.indexOf(messageId);
    if (index === -1) return;
    const end = this.#order.length - margin;
    this.#cut(index + margin, end);
    const isCutBefore = this.#cut(0, Math.min(index, end) - margin);
    const first = this.head(this.#order[0] ?? '');
    if (isCutBefore && first !== undefined) this.#before = first;
  }

  /**
   * Takes the newest messages as the server has them, and answers with what is otherwise than it was; undefined where
   * messages between these and those that were here are missing. `told` are messages and parts of which events told
   * since the server was asked.
   */
  renew(
    page: { readonly messages: readonly MessageWithParts[]; readonly before?: string },
    told: ReadonlySet<string>,
  ): TranscriptChange[] | undefined {
    const ids = page.messages.map(({ info }) => info.id);
    const first = ids.find((id) => this.#messages.has(id));
    if (page.before !== undefined && (ids[0] === undefined || first !== ids[0])) return undefined;
    const start = page.before === undefined ? 0 : this.#order.indexOf(ids[0] ?? '');
    const listed = new Set(ids);
    const gone = this.#order.slice(start).filter((id) => !listed.has(id) && !told.has(id));
    const changes = [
      ...gone.flatMap((id) => this.removeMessage(id)),
      ...page.messages.flatMap((message) => this.#renewMessage(message, told)),
    ];
    // What stands behind the newest that the server gave came since: events told of it.
    this.#gaps.join(this.#order.slice(start), () => false, this.#order.at(-1));
    if (start === 0) this.#before = page.before;
    return changes;
  }

  /** A message that stands among those missing here is passed over: it comes with its page. */
  applyMessage(message: Message): TranscriptChange[] {
    const kept = this.#messages.get(message.id);
    if (kept === undefined && this.#isAmongMissing(message)) return [];
    const orphans = this.#orphans.take(message.id);
    const newest = this.newestAnswer;
    this.#putHead(message);
    // Whether a part without an end goes on depends on the messages after it.
    const others = newest === this.newestAnswer ? [] : this.openParts();
    return [
      { kind: 'head', messageId: message.id },
      ...others.map((part) => ({ kind: 'part', ...part }) as const),
      ...orphans.flatMap((part) => this.applyPart(part)),
    ];
  }

  applyPart(part: Part): TranscriptChange[] {
    const kept = this.#messages.get(part.messageID);
    if (kept === undefined) {
      this.#orphans.keep(part);
      return [];
    }
    const earlier = kept.parts.get(part.id);
    const entry = toPartEntry(part);
    this.#setPart(part.messageID, kept, entry);
    const kind = earlier !== undefined && onlyEnded(earlier, entry) ? 'ended' : 'part';
    return [{ kind, messageId: part.messageID, partId: part.id }];
  }

  applyDelta(messageId: string, partId: string, delta: string): TranscriptChange[] {
    const kept = this.#messages.get(messageId);
    const entry = kept?.parts.get(partId);
    if (kept === undefined || entry === undefined || !isText(entry) || !isGrowing(entry)) return [];
    if (entry.clamped !== undefined) {
      kept.parts.set(partId, { ...entry, clamped: entry.clamped + delta.length });
      return [];
    }
    const text = entry.text + delta;
    kept.parts.set(partId, { ...entry, ...clampText(text, entryLimits.text) });
    if (text.length > entryLimits.text) return [{ kind: 'part', messageId, partId }];
    return [{ kind: 'append', messageId, partId, text: delta }];
  }

  removeMessage(messageId: string): TranscriptChange[] {
    this.#orphans.take(messageId);
    const kept = this.#messages.get(messageId);
    if (kept === undefined) return this.#hasForgotten ? [{ kind: 'messageRemoved', messageId }] : [];
    this.#messages.delete(messageId);
    const index = this.#order.indexOf(messageId);
    this.#order.splice(index, 1);
    this.#gaps.remove(messageId, this.#order[index - 1]);
    for (const partId of kept.parts.keys()) this.#openParts.delete(partId);
    return [{ kind: 'messageRemoved', messageId }];
  }

  removePart(messageId: string, partId: string): TranscriptChange[] {
    this.#orphans.remove(messageId, partId);
    this.#openParts.delete(partId);
    const removed = this.#messages.get(messageId)?.parts.delete(partId) ?? this.#hasForgotten;
    return removed ? [{ kind: 'partRemoved', messageId, partId }] : [];
  }

  #renewMessage({ info, parts }: MessageWithParts, told: ReadonlySet<string>): TranscriptChange[] {
    const messageId = info.id;
    const kept = this.#messages.get(messageId);
    if (kept === undefined) {
      this.#put({ info, parts });
      return [
        { kind: 'head', messageId },
        ...parts.map(({ id }) => ({ kind: 'part', messageId, partId: id }) as const),
      ];
    }
    const listed = new Set(parts.map(({ id }) => id));
    const gone = [...kept.parts.keys()].filter((id) => !listed.has(id) && !told.has(id));
    return [
      ...(isSame(kept.head, toMessageHead(info)) ? [] : this.applyMessage(info)),
      ...gone.flatMap((partId) => this.removePart(messageId, partId)),
      ...parts
        .filter((part) => !isSame(kept.parts.get(part.id), toPartEntry(part)))
        .flatMap((part) => this.applyPart(part)),
    ];
  }

  /** A page holds what was told before it was asked for; whoever loads it tells once more what came since. */
  #put({ info, parts }: MessageWithParts): void {
    this.#orphans.take(info.id);
    this.#putHead(info);
    const kept = this.#messages.get(info.id);
    if (kept === undefined) return;
    for (const partId of kept.parts.keys()) this.#openParts.delete(partId);
    kept.parts.clear();
    for (const part of parts) this.#setPart(info.id, kept, toPartEntry(part));
  }

  #putHead(message: Message): void {
    const head = toMessageHead(message);
    const kept = this.#messages.get(message.id);
    if (kept?.head.created === head.created) {
      kept.head = head;
      return;
    }
    if (kept !== undefined) this.#order.splice(this.#order.indexOf(message.id), 1);
    this.#messages.set(message.id, { parts: new Map<string, PartEntry>(), lastPartId: '', ...kept, head });
    const index = this.#order.findLastIndex((id) => this.#stands(id, head));
    this.#order.splice(index + 1, 0, message.id);
  }

  /** Whether the message `id` stands before `head`. */
  #stands(id: string, head: MessageHead): boolean {
    const other = this.head(id);
    return other !== undefined && isBefore(other, head);
  }

  #isAmongMissing(message: Message): boolean {
    const head = toMessageHead(message);
    const previous = this.#order.findLast((id) => this.#stands(id, head));
    if (previous === undefined) return this.#before !== undefined && this.#order.length > 0;
    return this.#gaps.isAfter(previous);
  }

  /** Whether the message after `index` in that direction is here. */
  #goesOn(index: number, step: 1 | -1): boolean {
    const [id, other] = [this.#order[index], this.#order[index + step]];
    return id !== undefined && other !== undefined && !this.#gaps.isAfter(step < 0 ? other : id);
  }

  #setPart(messageId: string, kept: Kept, entry: PartEntry): void {
    const isKnown = kept.parts.has(entry.id);
    kept.parts.set(entry.id, entry);
    if (entry.id > kept.lastPartId) kept.lastPartId = entry.id;
    else if (!isKnown) sortParts(kept.parts);
    if (isOpenPart(entry)) this.#openParts.set(entry.id, messageId);
    else this.#openParts.delete(entry.id);
  }

  /** Leaves out the messages from one index up to another; false if there are none. */
  #cut(from: number, to: number): boolean {
    if (to <= from) return false;
    const cut = this.#order.splice(from, to - from);
    for (const messageId of cut) {
      for (const partId of this.#messages.get(messageId)?.parts.keys() ?? []) this.#openParts.delete(partId);
      this.#messages.delete(messageId);
    }
    this.#gaps.cut(cut, this.#order[from - 1]);
    this.#hasForgotten = true;
    return true;
  }
}

type TextEntry = Extract<PartEntry, { type: 'text' | 'reasoning' }>;

function isText(entry: PartEntry): entry is TextEntry {
  return entry.type === 'text' || entry.type === 'reasoning';
}

/** Whether deltas may still come: those that arrive after the end are in the text already. */
function isGrowing(entry: TextEntry): boolean {
  return entry.type === 'text' ? entry.done !== true : entry.end === undefined;
}

/** Whether nothing but the mark of the end came to a text that was streamed whole. */
function onlyEnded(earlier: PartEntry, entry: PartEntry): boolean {
  if (!isText(earlier) || !isText(entry) || !isGrowing(earlier) || isGrowing(entry)) return false;
  if (earlier.clamped !== undefined || earlier.text !== entry.text || entry.clamped !== undefined)
    return false;
  if (earlier.type !== 'text' || entry.type !== 'text') return earlier.type === entry.type;
  return earlier.synthetic === entry.synthetic && earlier.ignored === entry.ignored;
}

function sortParts(parts: Map<string, PartEntry>): void {
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  parts.clear();
  for (const [id, entry] of sorted) parts.set(id, entry);
}
