import { window } from 'vscode';
import { toSelectionAttachment } from '../core/prompts/selectionAttachment.ts';
import type { Attachment } from '../protocol/page/composer.ts';

/** What is selected in the text editor that is active or, while a transcript is, to be seen; undefined without one. */
export function readSelection(): Attachment | undefined {
  const editor = window.activeTextEditor ?? window.visibleTextEditors[0];
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  return toSelectionAttachment({
    path: document.uri.fsPath,
    isSaved: document.uri.scheme === 'file' && !document.isDirty,
    selection,
    text: document.getText(selection.isEmpty ? undefined : selection),
  });
}
