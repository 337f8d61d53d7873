import { behindSequence } from './terminalText.ts';
import type { ClampedText } from '../../protocol/page/entries.ts';

/** So many characters of one part the page shows at most; what is longer opens whole in an editor. */
export const shownTextLimit = 200_000;

/** The beginning of a text that is longer than `limit` characters, with the length of the whole. */
export function clampText(text: string, limit: number): ClampedText {
  return text.length <= limit
    ? { text }
    : { text: ownCopy(text.slice(0, safeCut(text, limit))), clamped: text.length };
}

/** The end of such a text, for what is read from below, as a running command; no sequence of a terminal is cut through. */
export function clampToEnd(text: string, limit: number): ClampedText {
  if (text.length <= limit) return { text };
  const end = ownCopy(text.slice(behindSequence(text, safeCut(text, text.length - limit))));
  return { text: end, clamped: text.length, tail: true };
}

/** A text that holds nothing else: V8 keeps the whole text in memory as long as there is a slice of it (Node 24). */
function ownCopy(slice: string): string {
  return JSON.parse(JSON.stringify(slice)) as string;
}

/** A place to cut near `index` that does not halve a character. */
function safeCut(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}

/**
 * `value` with each string in it, at any depth, cut to `limit` characters and lists to `items`; `value` itself where
 * nothing is cut.
 */
export function clampStrings(value: unknown, limit: number, items: number, depth = 4): unknown {
  if (typeof value === 'string') return value.length <= limit ? value : `${clampText(value, limit).text}…`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const clamped = list.slice(0, items).map((item) => clampStrings(item, limit, items, depth - 1));
    return isSame(clamped, list) ? list : clamped;
  }
  return clampRecord(value as Record<string, unknown>, limit, items, depth - 1);
}

/** The same of an object. */
export function clampRecord(
  record: Readonly<Record<string, unknown>>,
  limit: number,
  items: number,
  depth = 4,
): Readonly<Record<string, unknown>> {
  const keys = Object.keys(record);
  const clamped = keys.slice(0, items).map((key) => clampStrings(record[key], limit, items, depth));
  if (isSame(clamped, Object.values(record))) return record;
  return Object.fromEntries(clamped.map((value, index) => [keys[index], value]));
}

function isSame(clamped: readonly unknown[], whole: readonly unknown[]): boolean {
  return clamped.length === whole.length && clamped.every((value, index) => value === whole[index]);
}
