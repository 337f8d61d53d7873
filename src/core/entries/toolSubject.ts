import type { ToolEntry } from '../../protocol/page/entries.ts';
import { toRelative } from '../continuation/filesTouched.ts';
import { l10n } from '../l10n.ts';
import { cutMiddle } from '../plainText.ts';
import { argumentsLine } from './callArguments.ts';
import { inputText } from './inputText.ts';

/** What a tool call acted on: words, or a file that opens (`subject` is what it is called then). */
export interface ToolSubject {
  readonly subject?: string;
  /** `line` counts from 1. */
  readonly file?: { readonly path: string; readonly line?: number };
}

/** What stands in the head of the call's card beside what was done; paths in `directory` are relative to it. */
export function toolSubject(tool: ToolEntry, directory: string): ToolSubject {
  switch (tool.tool) {
    case 'read':
    case 'edit':
    case 'multiedit':
    case 'apply_patch':
    case 'write':
      return fileOf(tool, directory);
    case 'bash':
      return { subject: inputText(tool, 'command') };
    case 'grep':
    case 'glob':
      return { subject: inputText(tool, 'pattern') };
    case 'list':
      return { subject: toRelative(inputText(tool, 'path'), directory) || '.' };
    case 'webfetch':
      return { subject: inputText(tool, 'url') };
    case 'websearch':
      return { subject: inputText(tool, 'query') };
    case 'todowrite':
      return {};
    case 'task':
      return { subject: inputText(tool, 'description') || tool.title };
    case 'question':
      return { subject: firstQuestion(tool) ?? tool.title };
    case 'skill':
      return { subject: inputText(tool, 'name') };
    case 'invalid':
      return { subject: inputText(tool, 'tool') };
    default:
      return { subject: calledWith(tool) };
  }
}

/** Arguments that stand in the head of a card at most, in characters. */
const argumentsLength = 300;

/** A tool of a plugin or of an MCP server: its name alone says nothing of what it is asked to do. */
function calledWith({ title, input }: ToolEntry): string {
  const given = cutMiddle(argumentsLine(input), argumentsLength);
  return [title, given].filter((text) => text !== '').join(' · ');
}

function fileOf(tool: ToolEntry, directory: string): ToolSubject {
  const [changed, ...others] = tool.diff?.files ?? [];
  if (others.length > 0) return { subject: l10n.t('{0} files', others.length + 1) };
  const path = changed?.path || inputText(tool, 'filePath') || inputText(tool, 'path');
  if (path === '') return tool.title === '' ? {} : { subject: tool.title };
  const line = tool.input['offset'];
  // The server's title is the path as people know it: relative to the workspace. It comes when the call is done.
  const title = tool.title !== '' && path.endsWith(tool.title) ? tool.title : toRelative(path, directory);
  const subject = changed?.name ?? title;
  return { file: typeof line === 'number' ? { path, line } : { path }, subject };
}

function firstQuestion({ input }: ToolEntry): string | undefined {
  const [first] = Array.isArray(input['questions']) ? (input['questions'] as unknown[]) : [];
  const question = (first as { question?: unknown } | undefined)?.question;
  return typeof question === 'string' ? question : undefined;
}
