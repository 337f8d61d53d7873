import type { ToolEntry } from '../../protocol/page.ts';

/** An argument of a call that is a text; empty where it is none. */
export function inputText({ input }: Pick<ToolEntry, 'input'>, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}
