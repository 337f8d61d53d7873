import * as vscode from 'vscode';
import { type Draft, printDraft } from '../../core/continuation/drafts/draft.ts';
import { draftName, freeFileName } from '../../core/continuation/drafts/draftName.ts';
import { l10n } from '../../core/l10n.ts';
import { beginsSession, type DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts, HeldDraft, OpenHow, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { arrangeDraft, placeCursor } from './draftArrangement.ts';
import { draftScheme, toDraftUri, type DraftFiles } from './draftFiles.ts';
import type { DraftRecords } from './draftRecords.ts';

interface NewDraft {
  readonly order: DraftOrder;
  /** The whole document. */
  readonly text: string;
  readonly hasOwnWords: boolean;
}

/** The drafts of this workspace as documents in editors. */
export class DraftDocuments implements Drafts, vscode.Disposable {
  readonly #files: DraftFiles;
  readonly #records: DraftRecords;
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  readonly #held = new Set<string>();
  readonly #problems = new Map<string, string>();
  readonly #tried = new Set<string>();
  readonly #subscription: vscode.Disposable;

  /** Something about a draft changed that its text does not say: it is being sent, or was refused. */
  readonly onDidChange = this.#didChange.event;

  constructor(files: DraftFiles, records: DraftRecords) {
    this.#files = files;
    this.#records = records;
    for (const uri of records.uris().filter((uri) => records.get(uri)?.sendingSince !== undefined)) {
      this.#problems.set(
        uri.toString(),
        l10n.t(
          'The window ended while this was being sent. If it does not go away by itself, look whether it arrived before you send it again.',
        ),
      );
    }
    this.#subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#unmark(document.uri);
    });
  }

  async open(order: DraftOrder, draft: Draft, { line, hasOwnWords = false }: OpenHow = {}): Promise<string> {
    const uri = await this.#writeNew({ order, text: printDraft(draft), hasOwnWords });
    await arrangeDraft(await this.#show(uri, draftColumn(uri, order.sessionTitle), false), order, line);
    return uri.toString();
  }

  async revise(id: string, order: DraftOrder, draft: Draft): Promise<string> {
    const uri = vscode.Uri.parse(id);
    const known = await this.#read(uri);
    const record = this.#records.get(uri);
    // Sent or discarded meanwhile: nobody waits for it any longer.
    if (known === undefined || record === undefined) return id;
    const text = printDraft(draft);
    const { written, hasOwnWords = false } = record;
    // It is made of the same words of a person, which stay in the other one where it does not take its place.
    const isWritten =
      known.text === written && (await this.#write(uri, { order, text, hasOwnWords }, known.text));
    if (isWritten) return id;
    const beside = await this.#writeNew({ order, text, hasOwnWords: false });
    // Not in the column of the other one, which somebody is writing in.
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
    const uri = vscode.Uri.parse(id);
    const order = this.order(uri);
    const editor = await this.#show(uri, draftColumn(uri, order?.sessionTitle), false);
    // Where a person was in it, the editor knows.
    if (
      order !== undefined &&
      editor.selection.isEmpty &&
      editor.selection.active.isEqual(new vscode.Position(0, 0))
    ) {
      placeCursor(editor, order);
    }
  }

  hold(id: string): HeldDraft | undefined {
    if (this.#held.has(id)) return undefined;
    const uri = vscode.Uri.parse(id);
    this.#held.add(id);
    // Of one whose window ends meanwhile nobody knows whether it arrived.
    void this.#records.setSending(uri, Date.now());
    this.#didChange.fire(uri);
    const leaveOpen = (): void => {
      this.#held.delete(id);
      this.#didChange.fire(uri);
    };
    return {
      leaveOpen,
      dispose: () => {
        void this.#records.setSending(uri);
        leaveOpen();
      },
    };
  }

  isHeld(uri: vscode.Uri): boolean {
    return this.#held.has(uri.toString());
  }

  order(uri: vscode.Uri): DraftOrder | undefined {
    return this.#records.get(uri)?.order;
  }

  mark(id: string, problem: string): void {
    this.#problems.set(id, problem);
    this.#tried.add(id);
    this.#didChange.fire(vscode.Uri.parse(id));
  }

  problem(uri: vscode.Uri): string | undefined {
    return this.#problems.get(uri.toString());
  }

  /** Whether a person wrote in it or tried to send it: before that nothing in it is their fault. */
  isTouched(document: vscode.TextDocument): boolean {
    const { uri } = document;
    return this.wasTried(uri) || document.getText() !== this.#records.get(uri)?.written;
  }

  /** Whether somebody tried to send it and it stayed. */
  wasTried(uri: vscode.Uri): boolean {
    return this.#tried.has(uri.toString()) || this.#problems.has(uri.toString());
  }

  async remove(id: string, text?: string): Promise<boolean> {
    const uri = vscode.Uri.parse(id);
    if (text !== undefined && (await this.#read(uri))?.text !== text) return false;
    this.#problems.delete(id);
    this.#tried.delete(id);
    await findDocument(uri)?.save();
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === id);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    await this.#records.delete(uri);
    if (await this.#files.has(uri)) await this.#files.delete(uri);
    return true;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  /** Writes over an earlier draft for the same verb and session that nobody edited, else into a file of its own. */
  async #writeNew(fresh: NewDraft): Promise<vscode.Uri> {
    const { order } = fresh;
    const alike = this.#records.uris().filter((uri) => {
      const known = this.order(uri);
      if (known?.verb !== order.verb || known.sessionId !== order.sessionId || this.isHeld(uri)) return false;
      // Briefs that begin sessions have none to be told apart by.
      return !beginsSession(order) || known.directory === order.directory;
    });
    const drafts = await Promise.all(alike.map((uri) => this.#read(uri)));
    const unedited = drafts.find((draft) => draft?.edited === false);
    if (unedited !== undefined) {
      const uri = vscode.Uri.parse(unedited.id);
      if (await this.#write(uri, fresh, unedited.text)) return uri;
    }
    const taken = new Set((await this.#files.readDirectory()).map(([name]) => name));
    const fileName = freeFileName(draftName(order), (name) => taken.has(name));
    const uri = toDraftUri(fileName);
    // The editor may still hold the document of a draft that is gone and had this name.
    if (!(await this.#write(uri, fresh))) throw vscode.FileSystemError.Unavailable(uri);
    return uri;
  }

  /** Writes in the place of the text `over` (absent: of any). False: a person wrote there meanwhile, and that stands. */
  async #write(uri: vscode.Uri, fresh: NewDraft, over?: string): Promise<boolean> {
    const { order, text, hasOwnWords } = fresh;
    const record = { order, written: text, ...(hasOwnWords && { hasOwnWords }) };
    this.#files.begin(uri);
    const document = findDocument(uri);
    if (document === undefined) {
      const content = new TextEncoder().encode(text);
      await Promise.all([this.#records.set(uri, record), this.#files.write(uri, content)]);
      return true;
    }
    if (over !== undefined && document.getText() !== over) return false;
    const edit = new vscode.WorkspaceEdit();
    const end = document.lineAt(document.lineCount - 1).range.end;
    edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), end), text);
    // Refused by the editor if the document changes on the way there.
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    await this.#records.set(uri, record);
    await document.save();
    return true;
  }

  async #read(uri: vscode.Uri): Promise<WrittenDraft | undefined> {
    const record = this.#records.get(uri);
    if (record === undefined || !(await this.#files.has(uri))) return undefined;
    const text = findDocument(uri)?.getText() ?? new TextDecoder().decode(await this.#files.readFile(uri));
    const { order, written, hasOwnWords = false, sendingSince } = record;
    const cutOff = this.isHeld(uri) ? undefined : sendingSince;
    return { id: uri.toString(), order, text, edited: hasOwnWords || text !== written, cutOff };
  }

  async #show(
    uri: vscode.Uri,
    viewColumn: vscode.ViewColumn,
    preserveFocus: boolean,
  ): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.window.showTextDocument(document, { viewColumn, preserveFocus, preview: false });
  }

  #unmark(uri: vscode.Uri): void {
    if (!this.#problems.delete(uri.toString())) return;
    if (!this.isHeld(uri)) void this.#records.setSending(uri);
    this.#didChange.fire(uri);
  }
}

/**
 * Where a draft is shown: where it stands already, else with the other drafts, else in a column that does not show the
 * transcript of its source. There is a new column only where there is but one that shows something, so that columns do not
 * pile up.
 */
function draftColumn(uri: vscode.Uri, source: string | undefined): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const shows = (accept: (shown: vscode.Uri) => boolean) => (tab: vscode.Tab | undefined) =>
    tab?.input instanceof vscode.TabInputText && accept(tab.input.uri);
  const isIt = shows((shown) => shown.toString() === uri.toString());
  const isDraft = shows(({ scheme }) => scheme === draftScheme);
  // A tab tells its panel by its title only.
  const isFree = ({ activeTab }: vscode.TabGroup) =>
    !(activeTab?.input instanceof vscode.TabInputWebview && activeTab.label === source);
  const group =
    all.find(({ tabs }) => tabs.some(isIt)) ??
    (isDraft(activeTabGroup.activeTab) ? activeTabGroup : undefined) ??
    all.find((other) => isFree(other) && other.tabs.some(isDraft)) ??
    all.findLast((other) => isFree(other) && !other.isActive) ??
    all.find((other) => isFree(other) && (all.length > 1 || other.tabs.length === 0));
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
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
