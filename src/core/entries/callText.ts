import type { ToolEntry } from '../../protocol/page/entries.ts';
import type { PartOf } from '../../protocol/records.ts';
import { parseDiff, replacedLines } from './diffLines.ts';
import { inputText, readInput } from './inputText.ts';
import { plainTerminalText } from './terminalText.ts';
import { type EntryLimits, toToolEntry } from './toolEntry.ts';
import { toolSubject } from './toolSubject.ts';
import { entryLimits } from './transcriptEntry.ts';
import { withoutMarkup } from './withoutMarkup.ts';

const unlimited: EntryLimits = {
  ...entryLimits,
  text: Infinity,
  output: Infinity,
  diff: Infinity,
  argument: Infinity,
};

export interface CallText {
  readonly shown: string;
  /** The same with all of what the card cuts; undefined where it cuts nothing. */
  readonly whole: string | undefined;
}

/**
 * What a reader sees of a call once its card is open, in the order of the card, for a search that counts the same places
 * as the page (`webview/parts/toolBody.ts`): not its arguments where a diff stands for them, nor the card's own words.
 */
export function readCallText(part: PartOf<'tool'>, directory: string): CallText {
  const entry = toToolEntry(part, entryLimits);
  const { output, error, diff, clampedInput } = entry;
  const isCut = clampedInput !== undefined || [output, error, diff].some((text) => text?.clamped);
  const whole = isCut ? textOf(toToolEntry(part, unlimited), directory) : undefined;
  return { shown: textOf(entry, directory), whole };
}

function textOf(tool: ToolEntry, directory: string): string {
  const error = plainTerminalText(tool.error?.text ?? '');
  return [toolSubject(tool, directory).subject ?? '', ...bodyOf(tool), error].join('\n');
}

function bodyOf(tool: ToolEntry): readonly string[] {
  if (tool.diff) return parseDiff(tool.diff.text).map(({ text }) => text);
  if (tool.todos) return tool.todos.map(({ content }) => content);
  if (tool.answers) return tool.answers.flatMap(({ question, answers }) => [question, answers.join(', ')]);
  const output = tool.output?.text ?? '';
  switch (tool.tool) {
    case 'bash':
      return [inputText(tool, 'description'), inputText(tool, 'command'), plainTerminalText(output)];
    case 'task':
      return [withoutMarkup(inputText(tool, 'prompt')), withoutMarkup(output)];
    case 'webfetch':
    case 'websearch':
    case 'plan_exit':
    case 'question':
      return [withoutMarkup(output)];
    case 'read':
    case 'grep':
    case 'glob':
    case 'list':
      return [output];
    case 'edit':
      return [...editedLines(tool), plainTerminalText(output)];
    case 'write':
      return [inputText(tool, 'content'), output];
    default:
      return [readInput(tool), plainTerminalText(output)];
  }
}

function editedLines(tool: ToolEntry): readonly string[] {
  const lines = replacedLines(inputText(tool, 'oldString'), inputText(tool, 'newString'));
  return lines.length === 0 ? [readInput(tool)] : lines.map(({ text }) => text);
}
