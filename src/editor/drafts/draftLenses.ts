import * as vscode from 'vscode';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { sendKeys, sendSentence } from '../../core/continuation/drafts/draftOutline.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLabel } from '../../core/plainText.ts';
import type { ContinuationCommandId } from '../../manifest.ts';
import type { DraftDocuments } from './draftDocuments.ts';

/**
 * Above the first line: what the key that sends does, then what else may be done with the draft. What is to be known of its
 * text stands above the text, so that neither line is cut in half a window.
 */
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
    const { draft, bodyLine } = parseDraft(document.getText());
    if (this.#drafts.isHeld(uri)) return [lens(0, l10n.t('Sending…'), 'sync~spin')];
    const notes = [
      order.verb === 'compact' ? order.preflight : undefined,
      order.verb === 'handOff' ? order.note : undefined,
      order.verb === 'bringBack' ? describeFindings(order.forkTitle) : undefined,
    ].filter((note) => note !== undefined);
    return [
      lens(0, sendSentence(order, draft, keys()), 'send', 'opencodeSessions.draft.send', uri),
      ...(order.verb === 'handOff'
        ? [lens(0, l10n.t('Ask the Model for a Summary'), 'sparkle', 'opencodeSessions.draft.summarize', uri)]
        : []),
      ...(order.verb === 'chain'
        ? [lens(0, l10n.t('Save Relay Chain As…'), 'save', 'opencodeSessions.draft.saveChain', uri)]
        : []),
      lens(0, l10n.t('Discard'), 'trash', 'opencodeSessions.draft.discard', uri),
      ...notes.map((note) => lens(bodyLine, note)),
    ];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }
}

/** What is known of it to who reads it there, and what comes of it. */
function describeFindings(forkTitle: string): string {
  return l10n.t(
    'It is marked as from the fork “{0}” and not from you. The agent reads it with the next turn and does not answer.',
    forkTitle,
  );
}

/** In a browser and in a remote window the person's keyboard is another machine's. */
function keys(): string {
  const isFar = vscode.env.uiKind === vscode.UIKind.Web || vscode.env.remoteName !== undefined;
  return sendKeys(process.platform, isFar);
}

/** `words` may name what others named: an agent, a session. The icon is ours. */
function lens(
  line: number,
  words: string,
  icon?: string,
  command: ContinuationCommandId | '' = '',
  ...values: unknown[]
): vscode.CodeLens {
  const title = icon === undefined ? plainLabel(words) : `$(${icon}) ${plainLabel(words)}`;
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: values });
}
