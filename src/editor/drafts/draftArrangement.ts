import * as vscode from 'vscode';
import { findBlanks, goalLineIn } from '../../core/continuation/drafts/blanks.ts';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';

/**
 * Makes a draft that was just written a form to fill in: its first line in sight, the cursor where a person writes, and the
 * Tab key from one blank to the next. What it says stays as it is. `line` is what the line says to begin at.
 */
export async function arrangeDraft(
  editor: vscode.TextEditor,
  order: DraftOrder,
  line?: string,
): Promise<void> {
  await showTop(editor);
  const { document } = editor;
  const text = document.getText();
  const at = line === undefined ? -1 : text.split(/\r?\n/).indexOf(line);
  if (at !== -1) {
    const { end } = document.lineAt(at).range;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(end, end));
    return;
  }
  const blanks = findBlanks(text, order.blanks, parseDraft(text).bodyLine).map(
    ({ line: row, start, end }) => new vscode.Range(row, start, row, end),
  );
  if (blanks.length === 0) placeCursor(editor, order);
  else await fillIn(editor, blanks);
}

/** Puts the cursor where people go on writing: behind the goal of a hand off, else where the draft ends. */
export function placeCursor(editor: vscode.TextEditor, order: DraftOrder): void {
  const { document } = editor;
  const row = order.verb === 'handOff' ? goalLineIn(document.getText()) : -1;
  const { end } = document.lineAt(row === -1 ? document.lineCount - 1 : row).range;
  editor.selection = new vscode.Selection(end, end);
}

/** A tab that was scrolled before shows the new text at the same place. */
async function showTop({ visibleRanges }: vscode.TextEditor): Promise<void> {
  if ((visibleRanges[0]?.start.line ?? 0) === 0) return;
  await vscode.commands.executeCommand('editorScroll', { to: 'up', by: 'line', value: 100_000 });
}

/** Puts the blanks in their own place as the editor's placeholders: the text stays the same, letter by letter. */
async function fillIn(editor: vscode.TextEditor, blanks: readonly vscode.Range[]): Promise<void> {
  const { document } = editor;
  const [first] = blanks;
  const last = blanks.at(-1);
  if (first === undefined || last === undefined) return;
  const snippet = new vscode.SnippetString();
  let before = first.start;
  for (const blank of blanks) {
    snippet.appendText(document.getText(new vscode.Range(before, blank.start)));
    snippet.appendPlaceholder(document.getText(blank));
    before = blank.end;
  }
  const isIn = await editor.insertSnippet(snippet, new vscode.Range(first.start, last.end), {
    undoStopBefore: false,
    undoStopAfter: false,
    keepWhitespace: true,
  });
  if (isIn) await document.save();
}
