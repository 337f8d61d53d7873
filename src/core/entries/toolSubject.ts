import type { ToolEntry } from '../../protocol/page/entries.ts';
import { toRelative } from '../continuation/filesTouched.ts';
import { l10n } from '../l10n.ts';
import { withoutMarkup } from './withoutMarkup.ts';

/** What a tool call acted on: words, or a file that opens (`subject` is what it is called then). */
export interface ToolSubject {
  readonly subject?: string;
  /** `line` counts from 1. */
  readonly file?: { readonly path: string; readonly line?: number };
}

/** What stands in the head of the call's card beside what was done; paths in `directory` are relative to it. */
export function toolSubject(tool: ToolEntry, directory: string): ToolSubject {
  const { kind, given, title } = tool;
  switch (kind) {
    case 'readFile':
    case 'editFile':
    case 'writeFile':
      return fileOf(tool, directory);
    case 'listFolder':
      return { subject: toRelative(given.path ?? '', directory) || '.' };
    case 'startSubagent':
      return { subject: given.subject || title };
    case 'askPerson':
      return { subject: withoutMarkup(given.subject ?? title).replaceAll(/\s+/g, ' ') };
    default:
      return { subject: given.subject ?? '' };
  }
}

function fileOf({ given, title, diff }: ToolEntry, directory: string): ToolSubject {
  const [changed, ...others] = diff?.files ?? [];
  if (others.length > 0) return { subject: l10n.t('{0} files', others.length + 1) };
  const path = changed?.path || given.path;
  if (!path) return { subject: title };
  const { line } = given;
  // A server names it from the root of the checkout on, or from that of the disk where there is none.
  return { file: line === undefined ? { path } : { path, line }, subject: toRelative(path, directory) };
}
