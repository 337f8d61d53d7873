import * as vscode from 'vscode';
import { type Draft, printDraft } from '../../core/continuation/draft.ts';
import { draftName, freeFileName } from '../../core/continuation/draftName.ts';
import type { DraftOrder } from '../../core/continuation/draftOrder.ts';
import type { Drafts, WrittenDraft } from '../../core/drafts.ts';
import { draftScheme, toDraftUri, type DraftFiles } from './draftFiles.ts';
import type { DraftRecords } from './draftRecords.ts';

/** The drafts of this workspace as documents in editors. */
export class DraftDocuments implements Drafts, vscode.Disposable {
  readonly #files: DraftFiles;
  readonly #records: DraftRecords;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  readonly #held = new Set<string>();
  readonly #problems = new Map<string, string>();
  readonly #subscription: vscode.Disposable;

  /** Something about a draft changed that its text does not say: it is being sent, or was refused. */
  readonly onDidChange = this.#didChange.event;

  constructor(files: DraftFiles, records: DraftRecords) {
    this.#files = files;
    this.#records = records;
    this.#subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#unmark(document.uri);
    });
  }

  async open(order: DraftOrder, draft: Draft): Promise<string> {
    const uri = await this.#freeUri(order);
    await this.#write(uri, order, printDraft(draft));
    await this.#show(uri, vscode.ViewColumn.Beside, false);
    return uri.toString();
  }

  async revise(id: string, draft: Draft): Promise<string> {
    const known = await this.#read(vscode.Uri.parse(id));
    // Sent or discarded meanwhile: nobody waits for it any longer.
    if (known === undefined) return id;
    const text = printDraft(draft);
    if (!known.edited) {
      await this.#write(vscode.Uri.parse(id), known.order, text);
      return id;
    }
    const beside = await this.#freeUri(known.order);
    await this.#write(beside, known.order, text);
    await this.#show(beside, vscode.ViewColumn.Beside, true);
    return beside.toString();
  }

  async find(argument: unknown): Promise<WrittenDraft | undefined> {
    const uri = toUri(argument) ?? vscode.window.activeTextEditor?.document.uri;
    return uri?.scheme === draftScheme ? this.#read(uri) : undefined;
  }

  async all(): Promise<readonly WrittenDraft[]> {
    const drafts = await Promise.all(this.#records.uris().map((uri) => this.#read(uri)));
    return drafts.filter((draft) => draft !== undefined);
  }

  async show(id: string): Promise<void> {
    await this.#show(vscode.Uri.parse(id), vscode.ViewColumn.Active, false);
  }

  hold(id: string): vscode.Disposable | undefined {
    if (this.#held.has(id)) return undefined;
    const uri = vscode.Uri.parse(id);
    this.#held.add(id);
    this.#didChange.fire(uri);
    return new vscode.Disposable(() => {
      this.#held.delete(id);
      this.#didChange.fire(uri);
    });
  }

  isHeld(uri: vscode.Uri): boolean {
    return this.#held.has(uri.toString());
  }

  order(uri: vscode.Uri): DraftOrder | undefined {
    return this.#records.get(uri)?.order;
  }

  mark(id: string, problem: string): void {
    this.#problems.set(id, problem);
    this.#didChange.fire(vscode.Uri.parse(id));
  }

  problem(uri: vscode.Uri): string | undefined {
    return this.#problems.get(uri.toString());
  }

  async remove(id: string): Promise<void> {
    const uri = vscode.Uri.parse(id);
    this.#problems.delete(id);
    await findDocument(uri)?.save();
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === id);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    await this.#records.delete(uri);
    if (await this.#files.has(uri)) await this.#files.delete(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  /** The file of an earlier draft for the same order that nobody edited, else one that is not there yet. */
  async #freeUri(order: DraftOrder): Promise<vscode.Uri> {
    const known = await this.all();
    const unedited = known.find(
      (draft) =>
        !draft.edited &&
        !this.#held.has(draft.id) &&
        draft.order.verb === order.verb &&
        draft.order.sessionId === order.sessionId,
    );
    if (unedited !== undefined) return vscode.Uri.parse(unedited.id);
    const taken = new Set((await this.#files.readDirectory()).map(([name]) => name));
    const fileName = freeFileName(draftName(order), (name) => taken.has(name));
    return toDraftUri(fileName);
  }

  async #write(uri: vscode.Uri, order: DraftOrder, text: string): Promise<void> {
    await this.#records.set(uri, { order, written: text });
    const document = findDocument(uri);
    if (document === undefined) {
      const content = new TextEncoder().encode(text);
      await this.#files.writeFile(uri, content, { create: true, overwrite: true });
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const end = document.lineAt(document.lineCount - 1).range.end;
    edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), end), text);
    await vscode.workspace.applyEdit(edit);
    await document.save();
  }

  async #read(uri: vscode.Uri): Promise<WrittenDraft | undefined> {
    const record = this.#records.get(uri);
    if (record === undefined || !(await this.#files.has(uri))) return undefined;
    const text = findDocument(uri)?.getText() ?? new TextDecoder().decode(await this.#files.readFile(uri));
    return { id: uri.toString(), order: record.order, text, edited: text !== record.written };
  }

  async #show(uri: vscode.Uri, viewColumn: vscode.ViewColumn, preserveFocus: boolean): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    // People go on writing where the draft ends.
    const end = document.lineAt(document.lineCount - 1).range.end;
    const selection = new vscode.Range(end, end);
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus, selection, preview: false });
  }

  #unmark(uri: vscode.Uri): void {
    if (this.#problems.delete(uri.toString())) this.#didChange.fire(uri);
  }
}

function findDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const id = uri.toString();
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === id && !document.isClosed,
  );
}

/** A lens and a button in the editor's title hand over the uri of their document. */
function toUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  return typeof argument === 'string' && argument.startsWith(`${draftScheme}:`)
    ? vscode.Uri.parse(argument)
    : undefined;
}
