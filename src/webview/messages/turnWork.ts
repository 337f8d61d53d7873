import { partsPerRow } from './messageRow.ts';
import { beginsAnswer } from '../turns/answerFigures.ts';
import {
  type CallGroup,
  isRunningTurn,
  shapeTurn,
  turnEnd,
  turnStart,
  type TurnShape,
} from '../turns/callGroups.ts';
import type { Entries, Message } from '../turns/entries.ts';
import { keyOf, messageOf } from './rowKeys.ts';
import type { Expanded } from '../parts/partView.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';

/** What of a session decides how the work of its turns is folded. */
interface WorkState {
  readonly isWorking: boolean;
  /** The calls that a person is to allow. */
  readonly asked: ReadonlySet<string>;
  /** Whether what stood open only while its turn ran may close: nobody reads there. */
  readonly settles: boolean;
}

/**
 * The work of turns: which calls are folded to a line, and which rows there are for that. The last calls of a turn that
 * runs stand open; where they close, that is when the reader follows the end, so that nothing moves under a reader. What
 * a person opened or closed stays so.
 */
export class TurnWork {
  readonly #entries: Entries;
  readonly #expanded: Expanded;
  /** By each of its messages. */
  readonly #shapes = new Map<string, TurnShape>();
  /** Groups, and messages of turns, that stand open because their turn runs. */
  readonly #open = new Set<string>();
  /** The groups whose calls are shown. */
  readonly #shown = new Set<string>();
  /** By the first message of the turn, the keys of rows in which nothing is to be seen. */
  readonly #hidden = new Map<string, ReadonlySet<string>>();

  constructor(entries: Entries, expanded: Expanded) {
    this.#entries = entries;
    this.#expanded = expanded;
  }

  of(messageId: string): TurnShape | undefined {
    return this.#shapes.get(messageId);
  }

  /** Whether the turn of a message runs, or did while it was read. */
  isUnderWay(messageId: string): boolean {
    return this.#open.has(messageId);
  }

  isOpen({ id }: CallGroup): boolean {
    return this.#shown.has(id);
  }

  isHidden(key: string): boolean {
    const first = this.of(messageOf(key))?.messageIds[0];
    return first !== undefined && (this.#hidden.get(first)?.has(key) ?? false);
  }

  /** Shows or hides the calls of a group, as the reader wants it. */
  choose(group: CallGroup, isOpen: boolean): void {
    for (const id of group.among) this.#expanded.delete(groupKey(id));
    this.#expanded.set(groupKey(group.id), isOpen);
    this.#show(group);
    this.#hideRows(this.#entries.indexOf(group.messageId));
  }

  /** Opens what hides a part, or all of a message; false: nothing does. */
  openTo(messageId: string, partId?: string): boolean {
    const shape = this.of(messageId);
    const { parts = [] } = this.#entries.get(messageId) ?? {};
    const wanted = partId === undefined && this.isHidden(messageId) ? parts.map(({ id }) => id) : [partId];
    const groups = new Set(wanted.flatMap((id) => shape?.byPart.get(id ?? '') ?? []));
    const closed = [...groups].filter((group) => !this.isOpen(group));
    for (const group of closed) this.choose(group, true);
    return closed.length > 0;
  }

  /** Takes the messages as they are, of `touched` only those; true: there are rows that there were not, or the other way round. */
  update(state: WorkState, touched?: Iterable<string>): boolean {
    if (touched === undefined) return this.#updateAll(state);
    let areOthers = false;
    const starts = new Set([...touched].map((id) => turnStart(this.#entries, this.#entries.indexOf(id))));
    for (const start of starts) {
      if (start < 0) continue;
      this.#shape(start, state);
      areOthers = this.#hideRows(start) || areOthers;
    }
    return areOthers;
  }

  #updateAll(state: WorkState): boolean {
    this.#shapes.clear();
    this.#hidden.clear();
    for (let from = 0; from < this.#entries.all.length; from = turnEnd(this.#entries, from)) {
      this.#shape(from, state);
      this.#hideRows(from);
    }
    return true;
  }

  #shape(from: number, { isWorking, asked, settles }: WorkState): void {
    const to = turnEnd(this.#entries, from);
    const runs = isWorking && isRunningTurn(this.#entries.all, to);
    const ids = this.#entries.all.slice(from, to).map(({ head }) => head.id);
    for (const id of ids) this.#stand(id, runs, settles);
    const isOver = !ids.some((id) => this.isUnderWay(id));
    const shape = shapeTurn(this.#entries.all, from, to, { asked, isOver });
    for (const id of ids) this.#shapes.set(id, shape);
    for (const group of shape.groups) {
      this.#stand(group.id, runs && group.isLast, settles);
      this.#show(group);
    }
  }

  /** A group may have grown at either end, and together with another one, since the reader opened or closed it. */
  #show({ id, among }: CallGroup): void {
    const chosen = among.find((callId) => this.#expanded.has(groupKey(callId)));
    if (this.#expanded.get(groupKey(chosen ?? id), this.#open.has(id))) this.#shown.add(id);
    else this.#shown.delete(id);
  }

  #stand(id: string, isOpen: boolean, settles: boolean): void {
    if (isOpen) this.#open.add(id);
    else if (settles) this.#open.delete(id);
  }

  /** Finds the rows of a turn in which nothing is to be seen; true: they are others than before. */
  #hideRows(index: number): boolean {
    const from = turnStart(this.#entries, index);
    const shape = this.of(this.#entries.all[from]?.head.id ?? '');
    const [first] = shape?.messageIds ?? [];
    if (shape === undefined || first === undefined) return false;
    const before = this.#hidden.get(first) ?? new Set();
    const hidden = new Set(this.#findHidden(from, shape));
    this.#hidden.set(first, hidden);
    return hidden.size !== before.size || [...hidden].some((key) => !before.has(key));
  }

  *#findHidden(from: number, shape: TurnShape): Generator<string, void, undefined> {
    const closed = new Set(
      shape.groups.flatMap((group) =>
        this.isOpen(group) ? [] : group.partIds.filter((id) => id !== group.id),
      ),
    );
    if (closed.size === 0) return;
    const { all } = this.#entries;
    for (let at = from; at < from + shape.messageIds.length; at += 1) {
      const message = all[at];
      if (message === undefined) return;
      const isLast = at === from + shape.messageIds.length - 1;
      const rows = Math.ceil(message.parts.length / partsPerRow);
      for (let chunk = 0; chunk < rows; chunk += 1) {
        if (chunk === 0 && (at === from || beginsAnswer(all, at))) continue;
        if (chunk === rows - 1 && (isLast || hasFooter(message))) continue;
        const parts = message.parts.slice(chunk * partsPerRow, (chunk + 1) * partsPerRow);
        const isNothing = parts.every(
          (part) => closed.has(part.id) || isMark(part) || shape.told.has(part.id),
        );
        if (isNothing && parts.some(({ id }) => closed.has(id))) yield keyOf(message.head.id, chunk);
      }
    }
  }
}

const groupKey = (callId: string): string => `${callId} group`;

/** Whether something may be said below the last of its parts. */
function hasFooter({ head }: Message): boolean {
  return head.error !== undefined || head.completed === undefined || head.summary === true;
}

/** A part that nobody sees, who sees. */
function isMark({ type }: PartEntry): boolean {
  return type === 'step-start' || type === 'step-finish' || type === 'snapshot';
}
