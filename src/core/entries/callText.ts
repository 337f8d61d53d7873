import type { ToolEntry } from '../../protocol/page/entries.ts';
import type { PartOf } from '../../protocol/records.ts';
import { parseDiff, replacedLines } from './diffLines.ts';
import { readInput } from './readInput.ts';
import { plainTerminalText, withoutSequences } from './terminalText.ts';
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

/** A larger diff is read as it stands, without its signs, and not taken apart: that would hold the window up. */
const largestParsed = 1_000_000;

function diffTexts(diff: string): readonly string[] {
  if (diff.length > largestParsed) return [diff.replaceAll(/^[-+ ]/gm, '')];
  return parseDiff(diff).map(({ text }) => text);
}

function bodyOf(tool: ToolEntry): readonly string[] {
  if (tool.diff) return diffTexts(tool.diff.text);
  if (tool.todos) return tool.todos.map(({ content }) => content);
  if (tool.answers)
    return tool.answers.flatMap(({ question, answers }) => [withoutMarkup(question), answers.join(', ')]);
  const output = tool.output?.text ?? '';
  if (tool.input) return [readInput(tool.input), plainTerminalText(output)];
  const { subject = '', purpose = '', text = '', before = '', after = '' } = tool.given;
  switch (tool.kind) {
    case 'command':
      return [purpose, subject, plainTerminalText(output)];
    case 'startSubagent':
      return [withoutMarkup(text), withoutMarkup(withoutSequences(output))];
    case 'editFile':
      return [...replacedLines(before, after).map((line) => line.text), plainTerminalText(output)];
    case 'writeFile':
      return [text, withoutSequences(output)];
    case 'readFile':
    case 'searchText':
    case 'findFiles':
    case 'listFolder':
      return [withoutSequences(output)];
    default:
      return [withoutMarkup(withoutSequences(output))];
  }
}
