import * as vscode from 'vscode';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { suggestForBrief } from '../../core/continuation/drafts/briefCompletion.ts';
import {
  type DraftPlace,
  type DraftSuggestion,
  findDraftPlace,
  suggestKeys,
  suggestValues,
} from '../../core/continuation/drafts/draftCompletion.ts';
import type { DraftDocuments } from './draftDocuments.ts';
import { toRange } from './draftDiagnostics.ts';
import type { DraftOffers } from './draftOffers.ts';

/** Paths relative to the directory that match what was typed, best match first. Throws while there is no server. */
export type FindFiles = (directory: string, query: string) => Promise<readonly string[]>;

/** Completes agents, models, variants and keys in the front matter, files after `@`, and the parts of a brief. */
export class DraftCompletionItems implements vscode.CompletionItemProvider {
  static readonly triggers = ['@', ':', ' ', '/', '#'];

  readonly #drafts: DraftDocuments;
  readonly #offers: DraftOffers;
  readonly #findFiles: FindFiles;

  constructor(drafts: DraftDocuments, offers: DraftOffers, findFiles: FindFiles) {
    this.#drafts = drafts;
    this.#offers = offers;
    this.#findFiles = findFiles;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    { line, character }: vscode.Position,
  ): Promise<vscode.CompletionList | undefined> {
    const order = this.#drafts.order(document.uri);
    if (order === undefined) return undefined;
    const parsed = parseDraft(document.getText());
    const place = findDraftPlace(parsed, document.lineAt(line).text, line, character);
    if (place === undefined)
      return order.verb === 'brief' ? completeBrief(document, line, character) : undefined;
    if (place.kind === 'file') return this.#completeFile(order.directory, place);
    if (place.kind === 'key') return toList(suggestKeys(parsed), place);
    const offer = await this.#offers.get(order.directory);
    if (offer === undefined) return undefined;
    return toList(suggestValues(place.key, parsed, offer.agents, offer.providers), place);
  }

  /** Incomplete, because the server ranks anew with every letter. */
  async #completeFile(
    directory: string,
    place: Extract<DraftPlace, { kind: 'file' }>,
  ): Promise<vscode.CompletionList> {
    const files = await this.#findFiles(directory, place.query);
    const items = files.map((path) => toItem({ kind: 'file', label: path, detail: '', insert: path }, place));
    for (const [index, item] of items.entries()) item.sortText = String(index).padStart(4, '0');
    return new vscode.CompletionList(items, true);
  }
}

function completeBrief(
  document: vscode.TextDocument,
  line: number,
  character: number,
): vscode.CompletionList | undefined {
  const text = document.getText();
  const found = suggestForBrief(text, parseDraft(text).bodyLine, line, character);
  return found && toList(found.suggestions, found);
}

function toList(
  suggestions: readonly DraftSuggestion[],
  place: Pick<DraftPlace, 'range'>,
): vscode.CompletionList {
  return new vscode.CompletionList(suggestions.map((suggestion) => toItem(suggestion, place)));
}

function toItem(
  { kind, label, detail, insert }: DraftSuggestion,
  { range }: Pick<DraftPlace, 'range'>,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, itemKind(kind));
  item.detail = detail;
  item.insertText = kind === 'snippet' ? new vscode.SnippetString(insert) : insert;
  item.range = toRange(range);
  return item;
}

function itemKind(kind: DraftSuggestion['kind']): vscode.CompletionItemKind {
  switch (kind) {
    case 'key':
      return vscode.CompletionItemKind.Property;
    case 'agent':
      return vscode.CompletionItemKind.User;
    case 'model':
      return vscode.CompletionItemKind.Module;
    case 'variant':
      return vscode.CompletionItemKind.EnumMember;
    case 'section':
      return vscode.CompletionItemKind.Struct;
    case 'snippet':
      return vscode.CompletionItemKind.Snippet;
    case 'file':
      return vscode.CompletionItemKind.File;
  }
}
