import * as vscode from 'vscode';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { fileReferences, sessionReference } from '../../core/continuation/drafts/draftCheck.ts';
import { locateFiles, toFileUri } from '../missingFiles.ts';
import type { CommandId } from '../../manifest.ts';
import { toRange } from './draftDiagnostics.ts';
import type { DraftDocuments } from './draftDocuments.ts';

/** The files that a draft names, where they are there and in the folders, and the session that it continues, as links. */
export class DraftLinks implements vscode.DocumentLinkProvider {
  readonly #drafts: DraftDocuments;

  constructor(drafts: DraftDocuments) {
    this.#drafts = drafts;
  }

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const order = this.#drafts.order(document.uri);
    if (order === undefined) return [];
    const text = document.getText();
    const references = fileReferences(text, parseDraft(text).bodyLine);
    const locations = await locateFiles(
      order.directory,
      references.map(({ path }) => path),
    );
    const files = references
      .filter((_reference, index) => locations[index] === 'inside')
      .map(({ path, range }) => new vscode.DocumentLink(toRange(range), toFileUri(order.directory, path)));
    return [...files, ...linkSession(text, order.sessionId)];
  }
}

function linkSession(text: string, sessionId: string): vscode.DocumentLink[] {
  if (sessionId === '') return [];
  const range = sessionReference(text, sessionId);
  if (range === undefined) return [];
  const command: CommandId = 'opencodeSessions.session.open';
  const target = vscode.Uri.from({ scheme: 'command', path: command, query: JSON.stringify([sessionId]) });
  return [new vscode.DocumentLink(toRange(range), target)];
}
