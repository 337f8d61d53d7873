import type { Entries, Message } from '../turns/entries.ts';
import { partsPerRow } from './messageRow.ts';

/** Rows that stand for missing messages are named by the message before. */
const gapPrefix = 'gap:';
/** Those that stand for a turn, by its prompt. */
const turnPrefix = 'turn:';

/** What is put away of the messages. */
export interface PutAway {
  /** Whether nothing is to be seen in a row. */
  readonly isHidden: (key: string) => boolean;
  /** Of a message that begins a turn that is folded to a line: the index of the first message after it. */
  readonly foldedTo: (index: number) => number | undefined;
}

/** The keys of a session's rows in their order: of the messages in view, of their further parts and of what is missing. */
export class RowKeys {
  #all: readonly string[] = [];
  #indexes = new Map<string, number>();

  get all(): readonly string[] {
    return this.#all;
  }

  has(key: string): boolean {
    return this.#indexes.has(key);
  }

  /** The index of the message that a row shows or comes after. */
  messageIndex(key = ''): number {
    return this.#indexes.get(key) ?? 0;
  }

  /** Names the rows of the messages from `first` on. */
  update(entries: Entries, first: number, { isHidden, foldedTo }: PutAway): void {
    const all: string[] = [];
    this.#indexes = new Map();
    const add = (key: string, index: number): void => {
      all.push(key);
      this.#indexes.set(key, index);
    };
    let next: number;
    for (let index = first; index < entries.all.length; index = next) {
      const message = entries.all[index];
      const folded = foldedTo(index);
      next = folded ?? index + 1;
      const last = entries.all[next - 1];
      if (message === undefined || last === undefined) break;
      if (folded !== undefined) add(turnPrefix + message.head.id, index);
      else for (const key of keysOf(message)) if (!isHidden(key)) add(key, index);
      if (entries.isMissingBefore(next)) add(gapPrefix + last.head.id, next - 1);
    }
    this.#all = all;
  }
}

/** The keys of the rows of a message that is shown whole. */
export function keysOf({ head, parts }: Message): readonly string[] {
  const rows = Math.max(1, Math.ceil(parts.length / partsPerRow));
  return Array.from({ length: rows }, (_, chunk) => keyOf(head.id, chunk));
}

export const turnKeyOf = (promptId: string): string => turnPrefix + promptId;

/** Whether a row stands for a whole turn. */
export const isTurn = (key: string): boolean => key.startsWith(turnPrefix);

export function keyOf(messageId: string, chunk: number): string {
  return chunk === 0 ? messageId : `${messageId}#${chunk}`;
}

/** Which stretch of its message a row shows. */
export function chunkOf(key: string): number {
  return Number(key.split('#')[1] ?? 0);
}

/** The message that a row shows or comes after. */
export const messageOf = (key: string): string => key.replace(/^(?:gap|turn):/, '').split('#')[0] ?? key;

/** Whether a row stands for missing messages. */
export const isGap = (key: string): boolean => key.startsWith(gapPrefix);
