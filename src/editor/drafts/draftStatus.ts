import * as vscode from 'vscode';
import { aboutTokens } from '../../core/continuation/drafts/draftOutline.ts';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { estimateTokens } from '../../core/continuation/digest/tokenEstimate.ts';
import { l10n } from '../../core/l10n.ts';
import { draftLanguage } from './draftFiles.ts';

/** The size of the draft that is being edited, in the status bar. */
export class DraftStatus implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    'opencodeSessions.draftTokens',
    vscode.StatusBarAlignment.Right,
    100,
  );
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    this.#item.name = l10n.t('OpenCode: Size of the Prompt');
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.#update();
      }),
    ];
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #update(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== draftLanguage) {
      this.#item.hide();
      return;
    }
    const { body } = parseDraft(document.getText()).draft;
    this.#item.text = `$(symbol-text) ${aboutTokens(estimateTokens(body))}`;
    this.#item.tooltip = l10n.t('What the model is sent, estimated. Characters: {0}', body.length);
    this.#item.show();
  }
}
