import type { ClampedText, ToolEntry } from '../../protocol/page/entries.ts';
import { fenceOf } from '../backticks.ts';
import { describeCall } from '../export/describeCall.ts';
import { inlineCode, inlineText } from '../export/inlineMarkdown.ts';
import { l10n } from '../l10n.ts';
import { showUnseen } from '../plainText.ts';
import { cutNote } from './cutNote.ts';

/** A command that is longer than this in characters stands below its heading as well. */
const lineLength = 120;

/** A tool call: a heading that says what was done, then what was given and what came of it. */
export function callBlocks(
  call: ToolEntry,
  { directory, withOutputs }: { readonly directory: string; readonly withOutputs: boolean },
): readonly string[] {
  const heading = `#### ${describeCall(call, directory) || inlineCode(call.tool)}`;
  if (!withOutputs) return [heading, ...leftOut(call)];
  return [
    heading,
    ...givenBlocks(call),
    ...resultBlocks(call),
    ...(call.files ?? []).map(({ path, filename, mime }) => {
      return `> - ${l10n.t('Attached: {0}', inlineCode(path ?? (filename || mime)))}`;
    }),
  ];
}

function givenBlocks({ kind, given }: ToolEntry): readonly string[] {
  if (kind === 'startSubagent' && given.text) return [fenced({ text: given.text })];
  const { subject = '' } = given;
  const isLong = subject.length > lineLength || subject.trim().includes('\n');
  return kind === 'command' && isLong ? [fenced({ text: subject }, 'sh')] : [];
}

function resultBlocks(call: ToolEntry): readonly string[] {
  const { todos, diff, output, error, isRefused } = call;
  if (todos !== undefined && todos.length > 0) return [todoList(todos)];
  if (error !== undefined) return isRefused === true ? [] : cut(error, '');
  if (diff !== undefined && diff.text.trim() !== '') return cut(diff, 'diff');
  return output === undefined || output.text.trim() === '' ? [] : cut(output, '');
}

function todoList(todos: NonNullable<ToolEntry['todos']>): string {
  return todos
    .map(({ status, content }) => `- [${status === 'completed' ? 'x' : ' '}] ${inlineText(content)}`)
    .join('\n');
}

function cut(text: ClampedText, language: string): readonly string[] {
  const note = cutNote(text);
  return note === '' ? [fenced(text, language)] : [fenced(text, language), note];
}

/** Of a call whose result is not shown, how much that is. */
function leftOut({ diff, output, error }: ToolEntry): readonly string[] {
  const result = error ?? diff ?? output;
  const length = result === undefined ? 0 : (result.clamped ?? result.text.length);
  return length === 0 ? [] : [`*${l10n.t('{0} characters came of it; the session has them.', length)}*`];
}

function fenced({ text }: ClampedText, language = ''): string {
  const lines = showUnseen(text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')).replace(/(?<!\n)\n+$/, '');
  const marks = fenceOf(lines);
  return `${marks}${language}\n${lines}\n${marks}`;
}
