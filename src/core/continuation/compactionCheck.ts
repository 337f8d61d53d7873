import type { Todo } from '../../protocol/records.ts';
import { openTodos } from './todoDigest.ts';

/** What a session named before it was compacted and its summary does not name. */
export interface CompactionLoss {
  readonly todos: readonly Todo[];
  readonly files: readonly string[];
}

/** A todo is kept if the summary has most of its words, a file if it has its path or its name. */
export function compareAfterCompaction(
  before: { readonly todos: readonly Todo[]; readonly files: readonly string[] },
  summary: string,
): CompactionLoss {
  const text = summary.toLowerCase();
  const words = new Set(toWords(text));
  const names = new Set(text.split(/[^\p{L}\p{N}._-]+/u).map((word) => word.replace(/(?<!\.)\.+$/, '')));
  return {
    todos: openTodos(before.todos).filter(
      ({ content }) => !keepsWords(words, toWords(content.toLowerCase())),
    ),
    files: before.files.filter((file) => !keepsFile(text, names, file.toLowerCase())),
  };
}

export function isLossless({ todos, files }: CompactionLoss): boolean {
  return todos.length === 0 && files.length === 0;
}

/** The prompt that gives back what the summary lost. */
export function buildLossReminder({ todos, files }: CompactionLoss): string {
  const lists = [
    ...todos.map(({ content, status }) => `- Todo (${status}): ${content}`),
    ...files.map((file) => `- File: ${file}`),
  ];
  return ['The summary left these out; they still matter:', ...lists].join('\n');
}

function keepsWords(kept: ReadonlySet<string>, words: readonly string[]): boolean {
  const found = words.filter((word) => kept.has(word)).length;
  return words.length === 0 || found / words.length >= 0.75;
}

function keepsFile(text: string, names: ReadonlySet<string>, file: string): boolean {
  return text.includes(file) || names.has(file.slice(file.lastIndexOf('/') + 1));
}

function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}
