import type { Attachment } from '../../protocol/page/composer.ts';
import { attachmentName } from './promptText.ts';

/** What a text editor shows and what is selected in it; positions count from 0, as the editor counts. */
export interface EditorText {
  readonly path: string;
  /** Whether the file on the disk says the same. */
  readonly isSaved: boolean;
  readonly selection: {
    readonly isEmpty: boolean;
    readonly start: { readonly line: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  /** What is selected, or all of it where nothing is. */
  readonly text: string;
}

/**
 * The selected lines, or the whole file where nothing is selected. A saved file is named, since the server reads it
 * itself, wherever it lies; what is not on the disk goes along as it stands.
 */
export function toSelectionAttachment({ path, isSaved, selection, text }: EditorText): Attachment {
  const named = { kind: 'file', path, ...(selection.isEmpty ? {} : selectedLines(selection)) } as const;
  if (isSaved) return named;
  const url = `data:text/plain;charset=utf-8,${encodeURIComponent(text.toWellFormed())}`;
  return { kind: 'data', mime: 'text/plain', filename: attachmentName(named), url };
}

/** Counted from 1; a line of which only the beginning is reached is none of them. */
function selectedLines({ start, end }: EditorText['selection']): { startLine: number; endLine: number } {
  const isReached = end.character > 0 || end.line === start.line;
  return { startLine: start.line + 1, endLine: isReached ? end.line + 1 : end.line };
}
