import { Disposable, Selection, TextEditorRevealType, type Uri, window, workspace } from 'vscode';
import type { Event } from '../../core/event.ts';
import { documentScheme } from '../../manifest.ts';

/** Milliseconds in which the editor opens a document whose text it asked for; else somebody read the text alone. */
const opening = 60_000;

/** What is told of which documents are open and seen. */
export interface FollowedDocuments {
  readonly onDidOpen: Event<string>;
  show(addresses: ReadonlySet<string>): void;
  close(address: string): void;
}

/** Tells which documents somebody sees, and lets those go that are closed. */
export function followDocuments(documents: FollowedDocuments): Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  const show = (): void => documents.show(new Set(visibleAddresses()));
  return Disposable.from(
    window.onDidChangeVisibleTextEditors(show),
    documents.onDidOpen((address) => {
      clearTimeout(timers.get(address));
      const look = (): void => {
        timers.delete(address);
        if (!isOpen(address)) documents.close(address);
      };
      timers.set(address, setTimeout(look, opening));
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      // What is given another language is told as closed, and is open.
      if (uri.scheme === documentScheme && !isOpen(uri.toString())) documents.close(uri.toString());
    }),
    new Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}

function isOpen(address: string): boolean {
  return workspace.textDocuments.some(({ uri, isClosed }) => !isClosed && uri.toString() === address);
}

function visibleAddresses(): readonly string[] {
  return window.visibleTextEditors
    .map(({ document }) => document.uri)
    .filter(({ scheme }) => scheme === documentScheme)
    .map(String);
}

/** What shows a document at once. */
export interface HurriedDocuments {
  hurry(address: string): void;
  isFilling(address: string): boolean;
}

/** Opens a document; where its older messages are still to come, at its last prompt: what comes before it moves nobody. */
export async function showDocument(documents: HurriedDocuments, uri: Uri): Promise<void> {
  const address = uri.toString();
  const wasOpen = isOpen(address);
  documents.hurry(address);
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false });
  if (wasOpen || !documents.isFilling(address)) return;
  const line = findLastPrompt(document.lineCount, (index) => document.lineAt(index).text);
  if (line === undefined) return;
  editor.selection = new Selection(line, 0, line, 0);
  editor.revealRange(editor.selection, TextEditorRevealType.AtTop);
}

function findLastPrompt(count: number, textOf: (line: number) => string): number | undefined {
  for (let line = count - 1; line > 0; line -= 1) if (textOf(line).startsWith('## ')) return line;
  return undefined;
}
