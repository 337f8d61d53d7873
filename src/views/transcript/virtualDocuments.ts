import { type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';

const scheme = 'opencode-sessions-text';

/** Texts of a session as read-only documents: the sides of a diff, the whole output of a tool. */
export class VirtualDocuments implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: Disposable[];
  #count = 0;

  constructor() {
    this.#subscriptions = [
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.toString());
      }),
    ];
  }

  /**
   * `name`, a path perhaps, says the title and by its ending the language. Where it is the path of a file, the document
   * has the same one: the editor calls what differs in its path renamed.
   */
  add(name: string, text: string): Uri {
    const path = `/${name.replace(/^\/+/, '')}`;
    const uri = Uri.from({ scheme, path, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? l10n.t('Open this text from its transcript again.');
  }

  dispose(): void {
    this.#texts.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
