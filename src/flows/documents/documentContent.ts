import { type PassageGiven, toPassage } from '../../core/documents/passage.ts';
import { SessionDocument, type Unit } from '../../core/documents/sessionDocument.ts';
import { isSame } from '../../core/isSame.ts';
import { isBefore, type Place } from '../../core/transcript/place.ts';
import type { MessageEntry } from '../../protocol/page/entries.ts';
import type { Session } from '../../protocol/records.ts';
import type { EntryPage, MessageSource } from './messageSource.ts';

export interface ContentPorts {
  readonly source: MessageSource;
  readonly isWorking: () => boolean;
  /** Gives others the thread. */
  readonly pause: () => Promise<void>;
  /** Waits, before each page but the first of older messages, until somebody who waits for the newest ones has them. */
  readonly rest: () => Promise<void>;
  /** More of the session can be shown than before. */
  readonly onDidRead: () => void;
}

/** Messages that are described in one go. */
const slice = 50;
/** With so many characters behind them, messages are shown without what their calls gave back. */
const usualLimit = 6_000_000;

/**
 * What a document holds of its session. A page of messages is a picture of some moment between its request and its
 * arrival: of what was told meanwhile, what was told stands.
 */
export class DocumentContent {
  readonly #ports: ContentPorts;
  readonly #document = new SessionDocument();
  readonly #limit: number;
  #session: Pick<Session, 'directory' | 'revert'> = { directory: '' };
  /** All messages back to where the document begins were read. */
  #isWhole = false;
  #isReading = false;
  /** Messages that are to be described anew. */
  readonly #dirty = new Set<string>();
  /** Messages of which something was told since a page was asked for. */
  readonly #told = new Set<string>();
  /** Messages before this one are shown without what their calls gave back. */
  #leanBefore: Place | undefined;
  #length = 0;
  #after: Place | undefined;

  constructor(ports: ContentPorts, limit = usualLimit) {
    this.#ports = ports;
    this.#limit = limit;
  }

  get size(): number {
    return this.#document.size;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  units(head: readonly string[]): readonly Unit[] {
    return this.#document.units(head, this.#session.revert);
  }

  /** The session as the server told it last. */
  use(session: Session): void {
    const cuts = [this.#session.revert, session.revert] as const;
    this.#session = session;
    if (isSame(...cuts)) return;
    // Of such a message only some parts stand.
    for (const cut of cuts) if (cut?.partID !== undefined) this.touch(cut.messageID);
  }

  /** Leaves out all messages up to that one. */
  beginAfter(place: Place): void {
    this.#after = place;
    this.#document.beginAfter(place);
  }

  /** A message is otherwise than it was. */
  touch(messageId: string): void {
    this.#dirty.add(messageId);
    if (this.#isReading) this.#told.add(messageId);
  }

  remove(messageId: string): void {
    this.#dirty.delete(messageId);
    if (this.#isReading) this.#told.add(messageId);
    this.#document.remove(messageId);
  }

  /**
   * Reads the messages from the newest one back: all of them at first, and where `isDeep`; else until a page is as it is
   * known. `isWanted` tells whether to go on; false: it was not read to its end.
   */
  async read(isDeep: boolean, isWanted: () => boolean): Promise<boolean> {
    this.#isReading = true;
    const isAll = isDeep || !this.#isWhole;
    try {
      const newest = await this.#ports.source.newest();
      const state = await this.#takePage(newest, true);
      if (!isDeep && (newest.before === undefined || state.isFirst || !(isAll || state.isChanged)))
        return true;
      // What is loaded of a transcript may be as old as the document, but for its end.
      for await (const page of this.#ports.source.before(isDeep ? undefined : newest.before)) {
        if (!isWanted()) return false;
        const { isFirst, isChanged } = await this.#takePage(page, false);
        if (isFirst || !(isAll || isChanged)) return true;
        await this.#ports.rest();
      }
      return true;
    } finally {
      this.#isReading = false;
      this.#told.clear();
    }
  }

  /** Describes anew what is otherwise than it was. */
  async refresh(): Promise<void> {
    for (const { id, isLive } of this.#document.open) if (isLive !== this.#isLive(id)) this.#dirty.add(id);
    const ids = [...this.#dirty];
    this.#dirty.clear();
    for (const [index, id] of ids.entries()) {
      try {
        await this.#refreshOne(id);
      } catch (error) {
        // What could not be asked for is asked for again with what comes next.
        for (const left of ids.slice(index)) this.#dirty.add(left);
        throw error;
      }
    }
  }

  async #refreshOne(id: string): Promise<void> {
    const { source } = this.#ports;
    // One that was not read yet comes with its page, perhaps.
    if (this.#isReading && !source.isNew(id)) {
      this.#dirty.add(id);
      return;
    }
    const entry = await source.one(id);
    if (entry === undefined) this.#document.remove(id);
    else this.#put(entry);
  }

  /** Answers whether nothing of the document stands before the page, and whether anything of it was otherwise. */
  async #takePage({ entries, before }: EntryPage, isNewest: boolean) {
    const isChanged = await this.#take(entries, isNewest);
    const first = entries[0];
    const isBeyond = first !== undefined && this.#after !== undefined && isBefore(first, this.#after);
    if (before === undefined) this.#dropBefore(first);
    const isFirst = before === undefined || isBeyond;
    this.#isWhole ||= isFirst;
    this.#ports.onDidRead();
    return { isFirst, isChanged };
  }

  /** Answers whether anything of it was otherwise. */
  async #take(entries: readonly MessageEntry[], isNewest: boolean): Promise<boolean> {
    let isChanged = this.#dropMissing(entries, isNewest);
    const newestFirst = entries.toReversed();
    for (let start = 0; start < newestFirst.length; start += slice) {
      if (start > 0) await this.#ports.pause();
      for (const entry of newestFirst.slice(start, start + slice)) {
        if (this.#told.has(entry.id) && this.#document.has(entry.id)) continue;
        // The server stores a text once it is written.
        if (!isNewest && this.#ports.source.newestAnswer === entry.id) continue;
        if (this.#told.has(entry.id)) this.#dirty.add(entry.id);
        else this.#dirty.delete(entry.id);
        if (this.#put(entry)) isChanged = true;
      }
    }
    return isChanged;
  }

  /** What is known between the messages of a page, and is not among them, is gone. */
  #dropMissing(entries: readonly MessageEntry[], isNewest: boolean): boolean {
    const [first, last] = [entries[0], isNewest ? this.#document.last : entries.at(-1)];
    if (first === undefined || last === undefined) return false;
    const listed = new Set(entries.map(({ id }) => id));
    const gone = this.#document.between(first, last).filter((id) => !listed.has(id) && !this.#told.has(id));
    for (const id of gone) this.#document.remove(id);
    return gone.length > 0;
  }

  #dropBefore(first: MessageEntry | undefined): void {
    const oldest = this.#document.first;
    if (oldest === undefined) return;
    const known = this.#document.between(oldest, first ?? this.#document.last ?? oldest);
    for (const id of known) if (id !== first?.id && !this.#told.has(id)) this.#document.remove(id);
  }

  #put(entry: MessageEntry): boolean {
    const known = this.#document.get(entry.id);
    const passage = toPassage(entry, this.#given(entry));
    const isOther = this.#document.put(passage);
    this.#length += lengthOf(passage.blocks) - lengthOf(known?.blocks ?? []);
    if (this.#length > this.#limit && !this.#isWhole) this.#leanBefore ??= passage;
    return isOther;
  }

  #given(entry: MessageEntry): PassageGiven {
    const { directory, revert } = this.#session;
    return {
      directory,
      isLive: this.#isLive(entry.id),
      withOutputs: this.#leanBefore === undefined || !isBefore(entry, this.#leanBefore),
      until: revert?.messageID === entry.id ? revert.partID : undefined,
    };
  }

  #isLive(messageId: string): boolean {
    return this.#ports.source.newestAnswer === messageId && this.#ports.isWorking();
  }
}

function lengthOf(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}
