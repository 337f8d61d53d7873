import { l10n } from '../core/l10n.ts';
import type {
  EntryChange,
  FromPage,
  MessageEntry,
  PartEntry,
  SessionHeader,
  SessionView as Shown,
} from '../protocol/page.ts';
import { element, icon } from './element.ts';
import { Entries, type Message } from './entries.ts';
import type { Highlighter } from './highlighter.ts';
import type { Position } from './host.ts';
import { MessageRow, partsPerRow, type RowFrame } from './messageRow.ts';
import type { OutlineItem } from './outline.ts';
import { Expanded } from './partView.ts';
import { RowWindow, type Row, type RowSource } from './rowWindow.ts';
import { beginsAnswer, messageText, turnFigures } from './turn.ts';

export interface SessionSurroundings {
  readonly highlighter: Highlighter;
  readonly post: (message: FromPage) => void;
  readonly isOffered: (command: string) => boolean;
  /** The reader has moved, or messages came: what stands beside the rows may need to change. */
  readonly onMoved: () => void;
}

/** Older messages are asked for while this many rows are still above the view. */
const askAhead = 25;

/** The messages of one session: what the page knows of them and the rows that show them. */
export class SessionView implements RowSource {
  readonly sessionId: string;
  readonly element: HTMLElement;
  readonly #surroundings: SessionSurroundings;
  readonly #entries = new Entries();
  readonly #expanded = new Expanded();
  readonly #window: RowWindow;
  readonly #notice = element('div', { class: 'notice' });
  #keys: readonly string[] = [];
  #indexes = new Map<string, number>();
  #header: SessionHeader | undefined;
  #hasOlder = false;
  #isLoadingOlder = false;
  /** A message to be shown once it is there. */
  #wanted: string | undefined;
  #seen = 0;

  constructor(sessionId: string, surroundings: SessionSurroundings) {
    this.sessionId = sessionId;
    this.#surroundings = surroundings;
    this.#window = new RowWindow(this, l10n.t('Messages'));
    this.element = element('div', { class: 'session' }, this.#notice, this.#window.scroller);
    this.#notice.hidden = true;
  }

  dispose(): void {
    this.#window.dispose();
  }

  get header(): SessionHeader | undefined {
    return this.#header;
  }

  get isFollowing(): boolean {
    return this.#window.isFollowing;
  }

  get position(): Position {
    return this.#window.position;
  }

  /** How many messages came at the end since the reader left it. */
  get unseen(): number {
    return Math.max(0, this.#entries.all.length - this.#seen);
  }

  get prompts(): readonly OutlineItem[] {
    return this.#entries.all
      .filter((message) => message.head.role === 'user')
      .map((message) => ({ messageId: message.head.id, text: messageText(message) }))
      .filter(({ text }) => text !== '');
  }

  /** The message at the top of the view. */
  get current(): string | undefined {
    const message = this.#entries.all[this.#messageIndexAt(this.#window.firstVisible)];
    return message?.head.id;
  }

  get lastAnswer(): Message | undefined {
    return this.#entries.all.findLast((message) => message.head.role === 'assistant');
  }

  show(view: Shown, position: Position | undefined): void {
    const isFirst = this.#header === undefined;
    const isContinued = view.entries[0] !== undefined && this.#entries.indexOf(view.entries[0].id) > 0;
    this.#header = view.header;
    this.#entries.reset(view.entries, view.hasOlder);
    this.#hasOlder = isContinued ? this.#hasOlder : view.hasOlder;
    this.#isLoadingOlder = false;
    this.#indexRows();
    this.#updateRows();
    this.#window.setKeys(this.#keys);
    this.#showNotice();
    if (isFirst && position && !position.atEnd && position.key !== undefined) {
      this.#comeBack(position.key, position.offset);
    }
    this.#markSeen();
  }

  showHeader(header: SessionHeader): void {
    this.#header = header;
  }

  /** Is in the document again: the rows find their places. */
  attached(): void {
    this.#window.render();
  }

  prepend(entries: readonly MessageEntry[], hasOlder: boolean): void {
    this.#seen += entries.length;
    this.#entries.prepend(entries);
    this.#hasOlder = hasOlder;
    this.#isLoadingOlder = false;
    this.#indexRows();
    this.#updateRows();
    this.#window.setKeys(this.#keys);
    const wanted = this.#wanted;
    // The host sends all pages back to a message that is asked for; it is not asked for again with each.
    if (wanted !== undefined && (!hasOlder || this.#entries.get(wanted) !== undefined)) this.reveal(wanted);
  }

  apply(changes: readonly EntryChange[]): void {
    let isRearranged = false;
    let hasNewHead = false;
    const grown = new Map<string, { messageId: string; partId: string }>();
    const touched = new Set<string>();
    for (const change of changes) {
      isRearranged = this.#entries.apply(change) || isRearranged;
      if (change.kind === 'append' || change.kind === 'ended') grown.set(change.partId, change);
      else if (change.kind === 'message') hasNewHead = true;
      else touched.add(change.messageId);
      if (change.kind === 'part') isRearranged = isRearranged || this.#needsRow(change.messageId);
    }
    if (isRearranged) this.#indexRows();
    // What a row shows of its turn depends on the messages around it.
    if (isRearranged || hasNewHead) this.#updateRows();
    else {
      this.#updateRows(touched);
      for (const { messageId, partId } of grown.values()) this.#updatePart(messageId, partId);
    }
    if (isRearranged) {
      this.#window.setKeys(this.#keys);
      this.#showNotice();
    }
    this.#markSeen();
  }

  replacePart(messageId: string, part: PartEntry): void {
    this.apply([{ kind: 'part', messageId, part }]);
  }

  /** Brings a message into view; one that is not here is asked for. */
  reveal(messageId: string): void {
    if (this.#window.scrollTo(messageId)) {
      this.#wanted = undefined;
      this.#flash(messageId);
      return;
    }
    if (this.#wanted === messageId && !this.#hasOlder) {
      this.#wanted = undefined;
      return;
    }
    this.#wanted = messageId;
    this.#surroundings.post({ type: 'loadUntil', sessionId: this.sessionId, messageId });
  }

  /** The row of a message, if it is in the document. */
  rowOf(messageId: string): HTMLElement | undefined {
    return this.#window.rows.get(messageId)?.element;
  }

  scrollToEnd(): void {
    this.#window.scrollToEnd();
    this.#markSeen();
  }

  /** Goes to the prompt before or after the top of the view. */
  goToTurn(step: 1 | -1): void {
    const messages = this.#entries.all;
    const top = this.#messageIndexAt(this.#window.firstVisible);
    for (let at = top + step; at >= 0 && at < messages.length; at += step) {
      const message = messages[at];
      if (message?.head.role !== 'user') continue;
      this.#window.scrollTo(message.head.id);
      return;
    }
    if (step > 0) this.scrollToEnd();
  }

  focus(): void {
    this.#window.scroller.focus({ preventScroll: true });
  }

  build(key: string): Row {
    const { sessionId } = this;
    const { highlighter, post, isOffered } = this.#surroundings;
    return new MessageRow(this.#frame(key), {
      sessionId,
      highlighter,
      post,
      isOffered,
      expanded: this.#expanded,
      command: (command, messageId) =>
        post({ type: 'command', command, sessionId, ...(messageId === undefined ? {} : { messageId }) }),
    });
  }

  estimate(key: string): number {
    const parts = this.#entries.all[this.#indexes.get(key) ?? 0]?.parts ?? [];
    const from = chunkOf(key) * partsPerRow;
    let height = 48;
    for (const part of parts.slice(from, from + partsPerRow)) height += partEstimate(part);
    return height;
  }

  onMoved(): void {
    const isNearStart = this.#window.firstVisible < askAhead;
    if (isNearStart && this.#hasOlder && !this.#isLoadingOlder && this.element.isConnected) {
      this.#isLoadingOlder = true;
      this.#surroundings.post({ type: 'loadOlder', sessionId: this.sessionId });
    }
    this.#markSeen();
    this.#surroundings.onMoved();
  }

  /** Whether a message has got more parts than its rows show. */
  #needsRow(messageId: string): boolean {
    const last = Math.ceil((this.#entries.get(messageId)?.parts.length ?? 0) / partsPerRow) - 1;
    return last > 0 && !this.#indexes.has(`${messageId}#${last}`);
  }

  #comeBack(key: string, offset: number): void {
    if (this.#window.scrollTo(key, offset)) return;
    this.reveal(messageOf(key));
  }

  #markSeen(): void {
    if (this.isFollowing) this.#seen = this.#entries.all.length;
  }

  #indexRows(): void {
    const keys: string[] = [];
    this.#indexes = new Map();
    for (const [index, { head, parts }] of this.#entries.all.entries()) {
      const rows = Math.max(1, Math.ceil(parts.length / partsPerRow));
      for (let chunk = 0; chunk < rows; chunk += 1) {
        const key = chunk === 0 ? head.id : `${head.id}#${chunk}`;
        keys.push(key);
        this.#indexes.set(key, index);
      }
    }
    this.#keys = keys;
  }

  #messageIndexAt(row: number): number {
    return this.#indexes.get(this.#keys[row] ?? '') ?? 0;
  }

  #frame(key: string): RowFrame {
    const messages = this.#entries.all;
    const index = this.#indexes.get(key) ?? 0;
    const message = messages[index];
    if (message === undefined) throw new Error(`There is no message for the row ${key}.`);
    const chunk = chunkOf(key);
    const isLastChunk = (chunk + 1) * partsPerRow >= message.parts.length;
    const isCompaction = message.parts.some((part) => part.type === 'compaction');
    return {
      message,
      chunk,
      isLastChunk,
      beginsAnswer: chunk === 0 && beginsAnswer(messages, index),
      figures: isLastChunk ? turnFigures(messages, index) : undefined,
      compactedBefore: isCompaction && !this.#hasOlder ? index : undefined,
    };
  }

  /** Shows the messages as they are; of `only` these, if the others have not changed. */
  #updateRows(only?: ReadonlySet<string>): void {
    if (only?.size === 0) return;
    for (const [key, row] of this.#window.rows) {
      const isMeant = only === undefined || only.has(messageOf(key));
      if (isMeant && row instanceof MessageRow && this.#indexes.has(key)) row.update(this.#frame(key));
    }
  }

  #updatePart(messageId: string, partId: string): void {
    const message = this.#entries.get(messageId);
    const index = message?.parts.findLastIndex((part) => part.id === partId) ?? -1;
    const part = message?.parts[index];
    if (part === undefined) return;
    const chunk = Math.floor(index / partsPerRow);
    const row = this.#window.rows.get(chunk === 0 ? messageId : `${messageId}#${chunk}`);
    if (row instanceof MessageRow) row.updatePart(part);
  }

  #showNotice(): void {
    const isEmpty = this.#entries.all.length === 0;
    this.#notice.hidden = !isEmpty;
    if (!isEmpty || this.#notice.hasChildNodes()) return;
    this.#notice.append(
      icon('comment-discussion'),
      element('p', { text: l10n.t('No messages yet. Write the first prompt below.') }),
    );
  }

  #flash(messageId: string): void {
    const row = this.rowOf(messageId);
    row?.classList.add('revealed');
    row?.addEventListener('animationend', () => row.classList.remove('revealed'), { once: true });
  }
}

/** Which stretch of its message a row shows. */
function chunkOf(key: string): number {
  const at = key.indexOf('#');
  return at < 0 ? 0 : Number(key.slice(at + 1));
}

/** The message that a row shows. */
const messageOf = (key: string): string => key.split('#')[0] ?? key;

function partEstimate(part: PartEntry): number {
  if (part.type === 'text') return part.synthetic === true ? 26 : 16 + Math.ceil(part.text.length / 90) * 20;
  return part.type === 'tool' || part.type === 'reasoning' ? 28 : 20;
}
