import type { AutomationEntry } from './automation.ts';

/**
 * All that a person approves of an entry, as one text: what it says, whatever the order of its keys, and what the tasks are
 * that it runs. Whatever of it changes needs another approval. `tasks`: a description of each, by the name in the entry.
 */
export function approvedWords(
  { id, value }: Pick<AutomationEntry, 'id' | 'value'>,
  tasks: ReadonlyMap<string, string>,
): string {
  return JSON.stringify([id, inOrder(value), [...tasks].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]: [string, unknown]) => [key, inOrder(inner)]));
}
