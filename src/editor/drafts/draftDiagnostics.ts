import * as vscode from 'vscode';
import { type DraftRange, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { isSecretNote, withPlainBreaks } from '../../core/continuation/drafts/briefCheck.ts';
import type { LooksSecret } from '../../core/continuation/drafts/looksSecret.ts';
import { type DraftNote, fileReferences } from '../../core/continuation/drafts/draftCheck.ts';
import { checkOrder } from '../../core/continuation/drafts/orderCheck.ts';
import { findMissingFiles } from '../missingFiles.ts';
import type { DraftDocuments } from './draftDocuments.ts';
import { draftLanguage } from './draftFiles.ts';
import type { DraftOffers } from './draftOffers.ts';

const pause = 150;

/**
 * Says in the drafts themselves what is wrong with them, for as long as they stand in a tab: the editor keeps the document of
 * a closed one for minutes. Before a person wrote in a draft or tried to send it, and of what they have not come to yet,
 * there are hints alone.
 */
export class DraftDiagnostics implements vscode.Disposable {
  readonly #drafts: DraftDocuments;
  readonly #offers: DraftOffers;
  readonly #looksSecret: LooksSecret;
  readonly #collection = vscode.languages.createDiagnosticCollection(draftLanguage);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: DraftDocuments, offers: DraftOffers, finds: LooksSecret) {
    this.#drafts = drafts;
    this.#looksSecret = finds;
    this.#offers = offers;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#plan(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#plan(document, pause)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        for (const tab of closed) this.#tabClosed(tab);
        for (const tab of opened) for (const uri of urisOf(tab)) this.#planAll(uri);
      }),
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

  /** It may stand in another column, too. */
  #tabClosed(tab: vscode.Tab): void {
    for (const uri of urisOf(tab)) if (!isInTab(uri)) this.#forget(uri);
  }

  #planAll(uri: vscode.Uri): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.toString() === uri.toString()) this.#plan(document, 0);
    }
  }

  #plan(document: vscode.TextDocument, delay: number): void {
    if (document.languageId !== draftLanguage || !isInTab(document.uri)) return;
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
    if (document.isClosed || document.version !== version || !isInTab(document.uri)) return;
    const isTouched = this.#drafts.isTouched(document);
    const wasTried = this.#drafts.wasTried(document.uri);
    // What would give something away is said from the first.
    const isHint = (note: DraftNote) =>
      !isSecretNote(note) && (!isTouched || (note.isUnfinished === true && !wasTried));
    this.#collection.set(
      document.uri,
      notes.map((note) => toDiagnostic(note, isHint(note))),
    );
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
    const secrets = order.verb === 'brief' ? await this.#looksSecret(withPlainBreaks(text)) : [];
    const problem = this.#drafts.problem(document.uri);
    const refusal: DraftNote[] =
      problem === undefined
        ? []
        : [{ severity: 'error', message: problem, range: { line: 0, start: 0, end: 3 } }];
    if (offer === undefined) return refusal;
    return [
      ...refusal,
      ...checkOrder(order, parsed, text, { ...offer, missingFiles: new Set(missingFiles), secrets }),
    ];
  }

  #forget(uri: vscode.Uri): void {
    const id = uri.toString();
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#collection.delete(uri);
  }
}

function isInTab(uri: vscode.Uri): boolean {
  const id = uri.toString();
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some((tab) => urisOf(tab).some((shown) => shown.toString() === id)),
  );
}

/** The documents that a tab shows. */
function urisOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

export function toRange({ line, start, end }: DraftRange): vscode.Range {
  return new vscode.Range(line, start, line, end);
}

function toDiagnostic({ severity, message, range }: DraftNote, isHint: boolean): vscode.Diagnostic {
  const { Error, Warning, Hint } = vscode.DiagnosticSeverity;
  const level = severity === 'error' ? Error : Warning;
  const diagnostic = new vscode.Diagnostic(toRange(range), message, isHint ? Hint : level);
  diagnostic.source = 'OpenCode';
  return diagnostic;
}
