import type { Entries } from './entries.ts';
import { partsPerRow } from './messageRow.ts';

/** Rows that stand for missing messages are named by the message before. */
const gapPrefix = 'gap:';

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
  update(entries: Entries, first: number): void {
    const all: string[] = [];
    this.#indexes = new Map();
    const add = (key: string, index: number): void => {
      all.push(key);
      this.#indexes.set(key, index);
    };
    for (const [index, { head, parts }] of entries.all.entries()) {
      if (index < first) continue;
      const rows = Math.max(1, Math.ceil(parts.length / partsPerRow));
      for (let chunk = 0; chunk < rows; chunk += 1) add(keyOf(head.id, chunk), index);
      if (entries.isMissingBefore(index + 1)) add(gapPrefix + head.id, index);
    }
    this.#all = all;
  }
}

export function keyOf(messageId: string, chunk: number): string {
  return chunk === 0 ? messageId : `${messageId}#${chunk}`;
}

/** Which stretch of its message a row shows. */
export function chunkOf(key: string): number {
  return Number(key.split('#')[1] ?? 0);
}

/** The message that a row shows or comes after. */
export const messageOf = (key: string): string => key.replace(gapPrefix, '').split('#')[0] ?? key;

/** Whether a row stands for missing messages. */
export const isGap = (key: string): boolean => key.startsWith(gapPrefix);
