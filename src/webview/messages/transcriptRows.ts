import { l10n } from '../../core/l10n.ts';
import type { EntryChange } from '../../protocol/page/entries.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader, SubagentState } from '../../protocol/page/header.ts';
import type { Highlighter } from '../code/highlighter.ts';
import { Expanded } from '../parts/partView.ts';
import { refreshSubagents } from '../parts/subagentStatus.ts';
import { agentChange } from './agentChange.ts';
import { CompactionFolds, type Fold } from './compactionFolds.ts';
import type { Entries } from './entries.ts';
import { GapRow } from './gapRow.ts';
import { endedAt, messageEnd, runFailure, waitsForStep } from './messageEnd.ts';
import { MessageRow, partsPerRow, type RowFrame } from './messageRow.ts';
import { estimateRow } from './rowEstimate.ts';
import { chunkOf, isGap, keyOf, messageOf, RowKeys } from './rowKeys.ts';
import { RowWindow, type Row, type RowSource } from './rowWindow.ts';
import { beginsAnswer, lastTurn, turnFigures } from './answerFigures.ts';

export interface RowsSurroundings {
  readonly highlighter: Highlighter;
  readonly post: (message: FromPage) => void;
  readonly isOffered: (command: string) => boolean;
  /** Puts a text into the composer. */
  readonly compose: (text: string) => void;
  /** The reader has moved, or messages came: what stands beside the rows may need to change. */
  readonly onMoved: () => void;
}

/**
 * The rows of one session: they show its messages, with what its header says of them, from the last fold on that hides
 * what is before it.
 */
export class TranscriptRows implements RowSource {
  readonly window: RowWindow;
  readonly #sessionId: string;
  readonly #entries: Entries;
  readonly #surroundings: RowsSurroundings;
  readonly #expanded = new Expanded();
  readonly #folds = new CompactionFolds();
  /** The folds whose count was asked for. */
  readonly #asked = new Set<string>();
  readonly #keys = new RowKeys();
  #header: SessionHeader | undefined;

  constructor(sessionId: string, entries: Entries, surroundings: RowsSurroundings) {
    this.#sessionId = sessionId;
    this.#entries = entries;
    this.#surroundings = surroundings;
    this.window = new RowWindow(this, l10n.t('Messages'));
  }

  get header(): SessionHeader | undefined {
    return this.#header;
  }

  /** The keys of all rows, in their order. */
  get keys(): readonly string[] {
    return this.#keys.all;
  }

  /** The message at the top of the view. */
  get current(): string | undefined {
    const index = this.#keys.messageIndex(this.keys[this.window.firstVisible]);
    return this.#entries.all[index]?.head.id;
  }

  /** Whether there is a message at `index`, and no fold hides it. */
  isShown(index: number): boolean {
    return index >= this.#folds.first && index < this.#entries.all.length;
  }

  /** Whether a message has got more parts than its rows show. */
  needsRow(messageId: string): boolean {
    const last = Math.ceil((this.#entries.get(messageId)?.parts.length ?? 0) / partsPerRow) - 1;
    return last > 0 && !this.#keys.has(keyOf(messageId, last));
  }

  /** Shows the messages as they are, with what `header` says of them. */
  show(header: SessionHeader): void {
    const isFirst = this.#header === undefined;
    this.#header = header;
    this.arrange(isFirst);
  }

  /** Shows what another header says of the same messages. */
  showHeader(header: SessionHeader): void {
    const before = this.#header;
    const [wasWorking, endBefore] = [this.#isWorking, endedAt(before)];
    this.#header = header;
    const end = endedAt(header);
    const isOther =
      wasWorking !== this.#isWorking || end !== endBefore || header.lastError !== before?.lastError;
    if (isOther) this.#update(new Set([...lastTurn(this.#entries.all), end, endBefore]));
    refreshSubagents(this.window.scroller, this.#subagentState);
  }

  /** Makes the rows those of the messages; `folds`: what compactions found just now have taken is folded away. */
  arrange(folds: boolean): void {
    this.#folds.update(this.#entries.all, folds);
    this.#keys.update(this.#entries, this.#folds.first);
    this.#update();
    this.window.setKeys(this.keys);
  }

  /** Shows changes by which no row came, went or moved. */
  apply(changes: readonly EntryChange[]): void {
    const grown = new Map<string, { messageId: string; partId: string }>();
    const touched = new Set<string>();
    let hasNewHead = false;
    for (const change of changes) {
      if (change.kind === 'append' || change.kind === 'ended') grown.set(change.partId, change);
      else if (change.kind === 'message') hasNewHead = true;
      else touched.add(change.messageId);
    }
    if (changes.some(concernsFolds)) this.#folds.update(this.#entries.all, false);
    // What a row shows of its turn depends on the messages around it.
    if (hasNewHead) this.#update();
    else {
      this.#update(touched);
      for (const { messageId, partId } of grown.values()) this.#updatePart(messageId, partId);
    }
    this.window.render();
  }

  /** Takes how many messages stand before a fold. */
  count(messageId: string, count: number, isMore: boolean): void {
    this.#folds.count(messageId, count, isMore);
    this.#update();
  }

  /** Unfolds what hides a message. */
  unfoldTo(messageId: string): void {
    const index = this.#entries.indexOf(messageId);
    if (index === -1 || index >= this.#folds.first) return;
    this.#folds.unfoldTo(index);
    this.arrange(false);
  }

  build(key: string): Row {
    if (isGap(key)) return new GapRow();
    const sessionId = this.#sessionId;
    const surroundings = this.#surroundings;
    return new MessageRow(this.#frame(key), {
      ...surroundings,
      sessionId,
      directory: this.#header?.directory ?? '',
      expanded: this.#expanded,
      subagentState: this.#subagentState,
      toggleFold: (messageId) => {
        this.#folds.toggle(messageId);
        this.arrange(false);
      },
      command: (command, messageId) =>
        surroundings.post({ type: 'command', command, sessionId, ...(messageId && { messageId }) }),
    });
  }

  estimate(key: string): number {
    return estimateRow(key, this.#entries.all, this.#keys.messageIndex(key));
  }

  onMoved(): void {
    this.#surroundings.onMoved();
  }

  get #isWorking(): boolean {
    return (this.#header?.status.type ?? 'idle') !== 'idle';
  }

  #frame(key: string): RowFrame {
    const messages = this.#entries.all;
    const index = this.#keys.messageIndex(key);
    const message = messages[index];
    if (message === undefined) throw new Error(`There is no message for the row ${key}.`);
    const chunk = chunkOf(key);
    const isLastChunk = (chunk + 1) * partsPerRow >= message.parts.length;
    return {
      message,
      chunk,
      isLastChunk,
      beginsAnswer: chunk === 0 && beginsAnswer(messages, index),
      figures: isLastChunk ? turnFigures(this.#entries, index, this.#isWorking) : undefined,
      end: isLastChunk ? messageEnd(messages, index, this.#header) : undefined,
      failure: isLastChunk ? runFailure(messages, index, this.#header) : undefined,
      waitsForStep: isLastChunk && waitsForStep(messages, index, this.#header),
      agentChange: chunk === 0 ? agentChange(this.#entries, index) : undefined,
      fold: chunk === 0 ? this.#foldBefore(message.head.id) : undefined,
    };
  }

  /** The fold before a message; how much it hides is asked for where that is not known. */
  #foldBefore(messageId: string): Fold | undefined {
    const fold = this.#folds.before(messageId, this.#entries.isPartial);
    if (fold !== undefined && fold.count === undefined && !this.#asked.has(messageId)) {
      this.#asked.add(messageId);
      this.#surroundings.post({ type: 'countBefore', sessionId: this.#sessionId, messageId });
    }
    return fold;
  }

  readonly #subagentState = (sessionId: string): SubagentState | undefined =>
    this.#header?.to.find((next) => next.sessionId === sessionId)?.state;

  /** Shows the messages as they are; of `only` these, if the others have not changed. */
  #update(only?: ReadonlySet<string | undefined>): void {
    if (only?.size === 0) return;
    for (const [key, row] of this.window.rows) {
      const isMeant = only === undefined || only.has(messageOf(key));
      if (isMeant && row instanceof MessageRow && this.#keys.has(key)) row.update(this.#frame(key));
    }
  }

  #updatePart(messageId: string, partId: string): void {
    const message = this.#entries.get(messageId);
    const index = message?.parts.findLastIndex((part) => part.id === partId) ?? -1;
    const part = message?.parts[index];
    if (part === undefined) return;
    const chunk = Math.floor(index / partsPerRow);
    const row = this.window.rows.get(keyOf(messageId, chunk));
    if (row instanceof MessageRow) row.updatePart(part);
  }
}

function concernsFolds(change: EntryChange): boolean {
  return change.kind === 'message' && change.head.summary === true;
}
