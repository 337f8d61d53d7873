import { l10n } from '../../core/l10n.ts';
import { type Waited, waitedBetween } from '../../core/turns/waitedBetween.ts';
import type { ToolEntry } from '../../protocol/page/entries.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { Late } from '../dom/late.ts';
import type { Row } from '../dom/rowWindow.ts';
import type { Expanded } from '../parts/partView.ts';
import { isOwnCommand, isStoppedInRetry, turnFigures, type TurnFigures } from '../turns/answerFigures.ts';
import { isRunningTurn, turnEnd } from '../turns/callGroups.ts';
import type { Entries, Message } from '../turns/entries.ts';
import type { RowFrame } from './messageRow.ts';
import { TurnFolds } from '../turns/turnFolds.ts';
import type { TurnLine, TurnRow } from '../turns/turnRow.ts';
import { TurnWork } from './turnWork.ts';

/** What shows a folded turn in a line. */
export const turnRows = new Late(
  () => import('../turns/turnRow.ts'),
  () => l10n.t('What shows folded turns could not be loaded. Reload the window.'),
);

/** The turns of a session as its header and the reader have them: which run, which wait, which are folded and how. */
export class SessionTurns {
  header: SessionHeader | undefined;
  readonly folds = new TurnFolds();
  readonly work: TurnWork;
  readonly #entries: Entries;

  /** `onLines`: turns that were folded before they could be shown so can be. */
  constructor(entries: Entries, expanded: Expanded, onLines: () => void) {
    this.#entries = entries;
    turnRows.onceThere(() => this.header !== undefined && this.folds.kept !== undefined && onLines());
    this.work = new TurnWork(entries, expanded);
  }

  get isWorking(): boolean {
    return (this.header?.status.type ?? 'idle') !== 'idle';
  }

  /** What of the header decides how the parts of the turn look that runs, or ran last; to be compared. */
  get state(): string {
    const { waiting, waits, isStopped } = this.header ?? {};
    return JSON.stringify([this.isWorking, waiting, waits, isStopped]);
  }

  /** The messages of the last turn. */
  get lastIds(): readonly string[] {
    const last = this.#entries.all[this.#lastAnswer];
    return this.work.of(last?.head.id ?? '')?.messageIds ?? [];
  }

  /** Takes the messages as they are; `settles` and the answer are those of `TurnWork`. */
  update(settles: boolean, touched?: Iterable<string>): boolean {
    const asked = new Set(this.header?.waiting);
    return this.work.update({ isWorking: this.isWorking, asked, settles }, touched);
  }

  isAsked({ callId }: ToolEntry): boolean {
    return callId !== undefined && (this.header?.waiting?.includes(callId) ?? false);
  }

  /** For how long a call stood still for a person. */
  waited({ callId, start = 0, end = Date.now() }: ToolEntry): Waited {
    const waits = callId === undefined ? [] : (this.header?.waits ?? []);
    return waitedBetween(
      waits.filter((wait) => wait.callId === callId),
      start,
      end,
    );
  }

  /** Folds all turns that are over to a line each, or none. */
  foldAll(isFolded: boolean): void {
    if (isFolded) turnRows.use(() => undefined);
    const last = this.#entries.all.findLastIndex((_, index) => this.#endOf(index) !== undefined);
    this.folds.fold(isFolded ? this.#entries.all[last]?.head.id : undefined);
  }

  /** Of a message that begins a turn that is folded to a line, and can be shown so: the index of the first one after it. */
  foldedTo(index: number): number | undefined {
    if (turnRows.piece === undefined) return undefined;
    const id = this.#entries.all[index]?.head.id;
    return id !== undefined && this.folds.isFolded(id) ? this.#endOf(index) : undefined;
  }

  /** The line of the turn that begins with the message at `index`. */
  row(index: number, actions: ConstructorParameters<typeof TurnRow>[1]): Row {
    if (turnRows.piece === undefined) throw new Error('There are no lines of turns yet.');
    return new turnRows.piece.TurnRow(this.#line(index), actions);
  }

  /** Shows the turn as it is, if the row is the line of one. */
  updateRow(row: Row, index: number): void {
    const { TurnRow: Line } = turnRows.piece ?? {};
    if (Line !== undefined && row instanceof Line) row.update(this.#line(index));
  }

  figures(index: number): TurnFigures | undefined {
    return turnFigures(this.#entries, index, this.isWorking, this.header?.waits);
  }

  /** What the row of a message shows of its turn. */
  frame(
    message: Message,
    index: number,
  ): Pick<
    RowFrame,
    'shape' | 'isOpen' | 'answerId' | 'isOwnCommand' | 'isRetriable' | 'isStopped' | 'turnState'
  > {
    const { all } = this.#entries;
    const { id } = message.head;
    const shape = this.work.of(id);
    const isOver = !this.work.isUnderWay(id);
    const isLast = index === all.length - 1;
    const isOwn = isOwnCommand(message) || isOwnCommand(all[index - 1]);
    const isLastTurn = !this.isWorking && all.findLastIndex(({ head }) => head.role === 'user') <= index;
    return {
      shape,
      isOpen: (group) => this.work.isOpen(group),
      answerId: isOver ? shape?.answerId : undefined,
      isOwnCommand: isOwn,
      isRetriable: isLastTurn && !isOwn && message.head.summary !== true,
      isStopped: (isLast && !this.isWorking && this.header?.isStopped === true) || isStoppedInRetry(message),
      turnState: isOver && !this.lastIds.includes(id) ? '' : `${isOver} ${this.state}`,
    };
  }

  #line(index: number): TurnLine {
    const end = this.#endOf(index) ?? index + 1;
    const [prompt, ...answers] = this.#entries.all.slice(index, end);
    if (prompt === undefined) throw new Error(`There is no message at ${index}.`);
    return { prompt, answers, figures: this.figures(end - 1) };
  }

  get #lastAnswer(): number {
    return this.#entries.all.findLastIndex(({ head }) => head.role === 'assistant');
  }

  /** The index behind the last message of a turn that begins with a prompt at `index`, is over and here. */
  #endOf(index: number): number | undefined {
    const { all } = this.#entries;
    if (all[index]?.head.role !== 'user') return undefined;
    const end = turnEnd(this.#entries, index);
    const runs = this.isWorking && isRunningTurn(all, end);
    const isCut = end < all.length && this.#entries.isMissingBefore(end);
    return end === index + 1 || runs || isCut ? undefined : end;
  }
}
