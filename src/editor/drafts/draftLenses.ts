import * as vscode from 'vscode';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { draftFacts, sendTitle } from '../../core/continuation/drafts/draftOutline.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLabel } from '../../core/plainText.ts';
import type { ContinuationCommandId } from '../../manifest.ts';
import type { DraftDocuments } from './draftDocuments.ts';

/** Above the first line: a better text by the model where there may be one, send, discard, and what goes where. */
export class DraftLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #drafts: DraftDocuments;
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeCodeLenses = this.#didChange.event;

  constructor(drafts: DraftDocuments) {
    this.#drafts = drafts;
    this.#subscription = drafts.onDidChange(() => this.#didChange.fire());
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri } = document;
    const order = this.#drafts.order(uri);
    if (order === undefined) return [];
    const { draft } = parseDraft(document.getText());
    if (this.#drafts.isHeld(uri)) return [lens(l10n.t('Sending…'), 'sync~spin')];
    return [
      ...(order.verb === 'handOff'
        ? [lens(l10n.t('Ask the Model for a Summary'), 'sparkle', 'opencodeSessions.draft.summarize', uri)]
        : []),
      lens(sendTitle(order, draft), 'send', 'opencodeSessions.draft.send', uri),
      lens(l10n.t('Discard'), 'trash', 'opencodeSessions.draft.discard', uri),
      ...(order.verb === 'compact' ? [lens(order.preflight)] : []),
      ...(order.verb === 'handOff' && order.note !== undefined ? [lens(order.note)] : []),
      lens(draftFacts(draft)),
    ];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }
}

/** `words` may name what others named: an agent, a session. The icon is ours. */
function lens(
  words: string,
  icon?: string,
  command: ContinuationCommandId | '' = '',
  ...values: unknown[]
): vscode.CodeLens {
  const title = icon === undefined ? plainLabel(words) : `$(${icon}) ${plainLabel(words)}`;
  return new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: values });
}
