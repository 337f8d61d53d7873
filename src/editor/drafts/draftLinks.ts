import * as vscode from 'vscode';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { fileReferences } from '../../core/continuation/drafts/draftCheck.ts';
import { locateFiles, toFileUri } from '../missingFiles.ts';
import { toRange } from './draftDiagnostics.ts';
import type { DraftDocuments } from './draftDocuments.ts';

/** The files that a draft names, where they are there and in the folders, as links. */
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
    return references
      .filter((_reference, index) => locations[index] === 'inside')
      .map(({ path, range }) => new vscode.DocumentLink(toRange(range), toFileUri(order.directory, path)));
  }
}
