import { l10n } from '../../core/l10n.ts';
import type { EntryChange } from '../../protocol/page/entries.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader, SubagentState } from '../../protocol/page/header.ts';
import type { Highlighter } from '../code/highlighter.ts';
import { Expanded } from '../parts/partView.ts';
import { refreshSubagents } from '../parts/subagentStatus.ts';
import { agentChange } from './agentChange.ts';
import { CompactionFolds, type Fold } from './compactionFolds.ts';
import type { Entries } from '../turns/entries.ts';
import { GapRow } from './gapRow.ts';
import { endedAt, messageEnd, runFailure, waitsForStep } from './messageEnd.ts';
import { MessageRow, partsPerRow, type RowFrame } from './messageRow.ts';
import { estimateRow } from './rowEstimate.ts';
import { chunkOf, isGap, isTurn, keyOf, keysOf, messageOf, RowKeys, turnKeyOf } from './rowKeys.ts';
import { RowWindow, type Row, type RowSource } from '../dom/rowWindow.ts';
import { Together } from '../dom/together.ts';
import { beginsAnswer, lastTurn } from '../turns/answerFigures.ts';
import { turnStart } from '../turns/callGroups.ts';
import { SessionTurns, turnRows } from './sessionTurns.ts';
import type { TurnFolds } from '../turns/turnFolds.ts';

export interface RowsSurroundings {
  readonly highlighter: Highlighter;
  readonly post: (message: FromPage) => void;
  readonly isOffered: (command: string) => boolean;
  /** Whether the diffs of turns that are over stand open. */
  readonly opensDiffs: () => boolean;
  /** Puts a text into the composer. */
  readonly compose: (text: string) => void;
  /** The reader has moved, or messages came: what stands beside the rows may need to change. */
  readonly onMoved: () => void;
}

interface Surroundings extends RowsSurroundings {
  /** Brings the reader to a message, or to a part of it. */
  readonly reveal: (messageId: string, partId?: string) => void;
}

/**
 * The rows of one session: they show its messages, with what its header says of them, from the last fold on that hides
 * what is before it.
 */
export class TranscriptRows implements RowSource {
  readonly window: RowWindow;
  readonly #sessionId: string;
  readonly #entries: Entries;
  readonly #surroundings: Surroundings;
  readonly #expanded = new Expanded();
  readonly #folds = new CompactionFolds();
  readonly #turns: SessionTurns;
  /** The folds whose count was asked for. */
  readonly #asked = new Set<string>();
  readonly #keys = new RowKeys();
  /** Makes the rows those of the messages. */
  readonly arranging = new Together(() => {
    this.#turns.update(this.window.isFollowing);
    this.#showRows();
  });

  constructor(sessionId: string, entries: Entries, surroundings: Surroundings) {
    this.#sessionId = sessionId;
    this.#entries = entries;
    this.#surroundings = surroundings;
    this.#turns = new SessionTurns(entries, this.#expanded, () => this.arrange(false));
    this.window = new RowWindow(this, l10n.t('Messages'));
  }

  get header(): SessionHeader | undefined {
    return this.#turns.header;
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
    const key = keyOf(messageId, last);
    return last > 0 && !this.#keys.has(key) && !this.#turns.work.isHidden(key);
  }

  /** Which turns are folded to a line. */
  get turnFolds(): TurnFolds {
    return this.#turns.folds;
  }

  /** Shows the messages as they are, with what `header` says of them. */
  show(header: SessionHeader): void {
    const isFirst = this.header === undefined;
    this.#turns.header = header;
    this.arrange(isFirst);
  }

  /** Shows what another header says of the same messages. */
  showHeader(header: SessionHeader): void {
    const [before, stateBefore] = [this.header, this.#turns.state];
    this.#turns.header = header;
    const [end, endBefore] = [endedAt(header), endedAt(before)];
    const isOther = end !== endBefore || header.lastError !== before?.lastError;
    if (stateBefore !== this.#turns.state) {
      // Rows of the turn that runs, or ran last, that are out of view have another height.
      this.#forget(this.#turns.lastIds);
      this.arrange(false);
      // Rows that are to be arranged anew are shown anew then, by where their messages stand now.
    } else if (isOther && !this.arranging.isDue)
      this.#update(new Set([...lastTurn(this.#entries.all), end, endBefore]));
    refreshSubagents(this.window.scroller, this.#subagentState);
  }

  /** Makes the rows those of the messages; `folds`: what compactions found just now have taken is folded away. */
  arrange(folds: boolean): void {
    this.#folds.update(this.#entries.all, folds);
    this.arranging.act();
  }

  #showRows(): void {
    this.#keys.update(this.#entries, this.#folds.first, {
      isHidden: (key) => this.#turns.work.isHidden(key) && !this.#hasFold(messageOf(key)),
      foldedTo: (index) => this.#foldedTo(index),
    });
    this.#update();
    this.window.setKeys(this.keys);
  }

  /** A turn in which a compaction has cut is shown whole: what shows the messages before stands there. */
  #foldedTo(index: number): number | undefined {
    const end = this.#turns.foldedTo(index);
    const turn = this.#entries.all.slice(index, end ?? index);
    return turn.some(({ head }) => this.#hasFold(head.id)) ? undefined : end;
  }

  #hasFold(messageId: string): boolean {
    return this.#folds.before(messageId, this.#entries.isPartial) !== undefined;
  }

  #forget(messageIds: readonly string[] = []): void {
    const ofTurn = new Set(messageIds);
    this.window.forget(this.keys.filter((key) => ofTurn.has(messageOf(key))));
  }

  /** Shows changes by which no row came, went or moved. */
  apply(changes: readonly EntryChange[]): void {
    const { grown, touched, heads } = sortChanges(changes);
    if (changes.some(concernsFolds)) this.#folds.update(this.#entries.all, false);
    const concerned = [...touched, ...heads];
    if (concerned.length > 0 && this.#turns.update(this.window.isFollowing, concerned)) {
      this.#forget(this.#turns.work.of(concerned.at(-1) ?? '')?.messageIds);
      return this.#showRows();
    }
    // What a row shows of its turn depends on the messages around it.
    if (heads.size > 0) this.#update();
    else {
      this.#update(new Set([...touched].flatMap((id) => this.#turns.work.of(id)?.messageIds ?? id)));
      for (const { messageId, partId } of grown.values()) this.#updatePart(messageId, partId);
    }
    this.window.render();
  }

  /** Takes how many messages stand before a fold. */
  count(messageId: string, count: number, isMore: boolean): void {
    this.#folds.count(messageId, count, isMore);
    this.#update();
  }

  /** Unfolds what hides a message, or a part of it. */
  unfoldTo(messageId: string, partId?: string): void {
    const index = this.#entries.indexOf(messageId);
    if (index === -1) return;
    const promptId = this.#entries.all[turnStart(this.#entries, index)]?.head.id ?? '';
    const isFolded = this.#keys.has(turnKeyOf(promptId));
    if (isFolded) this.#turns.folds.toggle(promptId);
    const isOpened = this.#turns.work.openTo(messageId, partId);
    if (index < this.#folds.first) this.#folds.unfoldTo(index);
    else if (!isFolded && !isOpened) return;
    this.arrange(false);
  }

  /** The key of the row that shows a message, or would if that were not put away. */
  rowOf(messageId: string, chunk = Infinity): string | undefined {
    const { all } = this.#entries;
    for (let index = this.#entries.indexOf(messageId); index >= this.#folds.first; index -= 1) {
      const message = all[index];
      if (message === undefined) return undefined;
      const isWanted = message.head.id === messageId;
      const shown = [
        turnKeyOf(message.head.id),
        ...keysOf(message).slice(0, isWanted ? chunk + 1 : Infinity),
      ];
      const key = shown.findLast((one) => this.#keys.has(one));
      if (key !== undefined) return key;
    }
    return undefined;
  }

  insteadOf(key: string): string | undefined {
    return isGap(key) ? undefined : this.rowOf(messageOf(key), isTurn(key) ? 0 : chunkOf(key));
  }

  /** Folds all turns that are over to a line each, or none. */
  foldTurns(isFolded: boolean): void {
    this.#turns.foldAll(isFolded);
    this.arrange(false);
  }

  #foldTurn(promptId: string, all: boolean, isFolded: boolean): void {
    const shown = isFolded ? promptId : turnKeyOf(promptId);
    const place = isFolded ? turnKeyOf(promptId) : promptId;
    this.window.hold(shown, () => {
      if (all) this.foldTurns(isFolded);
      else {
        this.#turns.folds.toggle(promptId);
        this.arrange(false);
      }
    });
    this.window.rows.get(place)?.element.querySelector('button')?.focus({ preventScroll: true });
  }

  #toggleGroup(groupId: string, messageId: string): void {
    const group = this.#turns.work.of(messageId)?.byPart.get(groupId);
    const at = this.#entries.get(messageId)?.parts.findIndex(({ id }) => id === groupId) ?? -1;
    if (group === undefined) return;
    this.window.hold(keyOf(messageId, Math.max(0, Math.floor(at / partsPerRow))), () => {
      this.#turns.work.choose(group, !this.#turns.work.isOpen(group));
      this.#showRows();
    });
  }

  build(key: string): Row {
    if (isGap(key)) return new GapRow();
    const sessionId = this.#sessionId;
    const surroundings = this.#surroundings;
    const showChanges = (messageId: string | undefined, asList: boolean): void =>
      surroundings.post({ type: 'showChanges', sessionId, messageId, ...(asList && { asList }) });
    if (isTurn(key)) {
      const unfold = (promptId: string, all: boolean): void => this.#foldTurn(promptId, all, false);
      return this.#turns.row(this.#keys.messageIndex(key), { sessionId, unfold, showChanges });
    }
    return new MessageRow(this.#frame(key), {
      ...surroundings,
      sessionId,
      directory: this.header?.directory ?? '',
      expanded: this.#expanded,
      subagentState: this.#subagentState,
      opensDiffs: (messageId) => surroundings.opensDiffs() || this.#turns.work.isUnderWay(messageId),
      isAsked: (call) => this.#turns.isAsked(call),
      waited: (call) => this.#turns.waited(call),
      toggleGroup: (groupId, messageId) => this.#toggleGroup(groupId, messageId),
      footer: {
        reveal: surroundings.reveal,
        showChanges,
        fold: (promptId, all) => turnRows.use(() => this.#foldTurn(promptId, all, true)),
      },
      toggleFold: (messageId) => {
        this.#folds.toggle(messageId);
        this.arrange(false);
      },
      command: (command, messageId) =>
        surroundings.post({ type: 'command', command, sessionId, ...(messageId && { messageId }) }),
    });
  }

  estimate(key: string): number {
    const index = this.#keys.messageIndex(key);
    const opensDiffs =
      this.#surroundings.opensDiffs() || this.#turns.work.isUnderWay(this.#entries.all[index]?.head.id ?? '');
    return estimateRow(key, this.#entries.all, index, { work: this.#turns.work, opensDiffs });
  }

  onMoved(): void {
    this.#surroundings.onMoved();
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
      figures: isLastChunk ? this.#turns.figures(index) : undefined,
      end: isLastChunk ? messageEnd(messages, index, this.header) : undefined,
      failure: isLastChunk ? runFailure(messages, index, this.header) : undefined,
      waitsForStep: isLastChunk && waitsForStep(messages, index, this.header),
      agentChange: chunk === 0 ? agentChange(this.#entries, index) : undefined,
      fold: chunk === 0 ? this.#foldBefore(message.head.id) : undefined,
      ...this.#turns.frame(message, index),
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
    this.header?.to.find((next) => next.sessionId === sessionId)?.state;

  /** Shows the messages as they are; of `only` these, if the others have not changed. */
  #update(only?: ReadonlySet<string | undefined>): void {
    if (only?.size === 0) return;
    for (const [key, row] of this.window.rows) {
      const isMeant = only === undefined || only.has(messageOf(key));
      if (!isMeant || !this.#keys.has(key)) continue;
      if (row instanceof MessageRow) row.update(this.#frame(key));
      else this.#turns.updateRow(row, this.#keys.messageIndex(key));
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

/** Which parts have grown, and of which messages parts or heads are others. */
function sortChanges(changes: readonly EntryChange[]) {
  const grown = new Map<string, { messageId: string; partId: string }>();
  const [touched, heads] = [new Set<string>(), new Set<string>()];
  for (const change of changes) {
    if (change.kind === 'append' || change.kind === 'ended') grown.set(change.partId, change);
    else if (change.kind === 'message') heads.add(change.head.id);
    else touched.add(change.messageId);
  }
  return { grown, touched, heads };
}
