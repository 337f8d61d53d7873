import type { ToolEntry } from '../../protocol/page/entries.ts';

/** An argument of a call that is a text; empty where it is none. */
export function inputText({ input }: Pick<ToolEntry, 'input'>, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

/** All that a call was given, as it stands in a card that has no better form for it; `''` while that is nothing. */
export function readInput({ input }: Pick<ToolEntry, 'input'>): string {
  return Object.keys(input).length === 0 ? '' : JSON.stringify(input, undefined, 2);
}
