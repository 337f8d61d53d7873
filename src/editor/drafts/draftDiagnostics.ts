import * as vscode from 'vscode';
import { type DraftRange, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { type DraftNote, fileReferences } from '../../core/continuation/drafts/draftCheck.ts';
import { checkOrder } from '../../core/continuation/drafts/orderCheck.ts';
import { findMissingFiles } from '../missingFiles.ts';
import type { DraftDocuments } from './draftDocuments.ts';
import { draftLanguage } from './draftFiles.ts';
import type { DraftOffers } from './draftOffers.ts';

const pause = 150;

/** Says in the drafts themselves what is wrong with them. */
export class DraftDiagnostics implements vscode.Disposable {
  readonly #drafts: DraftDocuments;
  readonly #offers: DraftOffers;
  readonly #collection = vscode.languages.createDiagnosticCollection(draftLanguage);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: DraftDocuments, offers: DraftOffers) {
    this.#drafts = drafts;
    this.#offers = offers;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#plan(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#plan(document, pause)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#look(editor)),
      drafts.onDidChange((uri) => this.#planAll(uri)),
    ];
    this.refresh();
  }

  /** Judges all open drafts again, e.g. by another server. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#plan(document, 0);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }

  #look(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== draftLanguage) return;
    this.#offers.forget();
    this.#plan(editor.document, 0);
  }

  #planAll(uri: vscode.Uri): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.toString() === uri.toString()) this.#plan(document, 0);
    }
  }

  #plan(document: vscode.TextDocument, delay: number): void {
    if (document.languageId !== draftLanguage) return;
    const id = document.uri.toString();
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => {
        this.#timers.delete(id);
        void this.#check(document);
      }, delay),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const notes = await this.#judge(document);
    if (document.isClosed || document.version !== version) return;
    this.#collection.set(document.uri, notes.map(toDiagnostic));
  }

  async #judge(document: vscode.TextDocument): Promise<readonly DraftNote[]> {
    const order = this.#drafts.order(document.uri);
    if (order === undefined) return [];
    const text = document.getText();
    const parsed = parseDraft(text);
    const [offer, missingFiles] = await Promise.all([
      this.#offers.get(order.directory),
      findMissingFiles(
        order.directory,
        fileReferences(text, parsed.bodyLine).map(({ path }) => path),
      ),
    ]);
    const problem = this.#drafts.problem(document.uri);
    const refusal: DraftNote[] =
      problem === undefined
        ? []
        : [{ severity: 'error', message: problem, range: { line: 0, start: 0, end: 3 } }];
    if (offer === undefined) return refusal;
    return [
      ...refusal,
      ...checkOrder(order, parsed, text, { ...offer, missingFiles: new Set(missingFiles) }),
    ];
  }

  #forget(uri: vscode.Uri): void {
    const id = uri.toString();
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#collection.delete(uri);
  }
}

export function toRange({ line, start, end }: DraftRange): vscode.Range {
  return new vscode.Range(line, start, line, end);
}

function toDiagnostic({ severity, message, range }: DraftNote): vscode.Diagnostic {
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(toRange(range), message, severity === 'error' ? Error : Warning);
  diagnostic.source = 'OpenCode';
  return diagnostic;
}
