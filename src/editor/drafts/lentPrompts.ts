import * as vscode from 'vscode';
import * as z from 'zod';
import { freeFileName, promptName } from '../../core/continuation/drafts/draftName.ts';
import type { Log } from '../../core/log.ts';
import type { ComposerTexts, Lending } from '../../core/prompts/prompting.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { type ComposerDraft, MentionShape } from '../../protocol/page/composer.ts';
import { draftScheme, type DraftFiles, toDraftUri } from './draftFiles.ts';

const LentPrompt = z.object({ uri: z.string(), mentions: z.array(MentionShape).readonly().optional() });
type LentPrompt = Readonly<z.infer<typeof LentPrompt>>;

const key = 'opencodeSessions.lentPrompts';
const Stored = z.record(z.string(), LentPrompt).catch({});

export interface LentPromptsPorts {
  readonly files: Pick<DraftFiles, 'begin' | 'delete' | 'has' | 'readDirectory' | 'readFile' | 'write'>;
  readonly memory: vscode.Memento;
  readonly composers: Pick<ComposerTexts, 'get' | 'update' | 'putBack' | 'keepNow'>;
  readonly title: (sessionId: string) => string;
  readonly log: Log;
}

/**
 * Prompts that moved from their composers into documents, to be written with all of an editor. The text stands in one of the
 * two: it goes back when it is sent, when it is wanted back, and when its last tab is closed, then as it was saved.
 */
export class LentPrompts implements Lending, vscode.Disposable {
  readonly #ports: LentPromptsPorts;
  readonly #didChange = new vscode.EventEmitter<{ readonly sessionId: string }>();
  readonly #subscription: vscode.Disposable;
  /** Sessions whose prompt is about to be sent out of its document. */
  readonly #leaving = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  constructor(ports: LentPromptsPorts) {
    this.#ports = ports;
    this.#subscription = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      if (closed.length > 0) this.#takeBackUnseen();
    });
    // Of a tab that did not come back with its window.
    this.#takeBackUnseen();
  }

  has(sessionId: string): boolean {
    return this.#leaving.has(sessionId) || this.#stored()[sessionId] !== undefined;
  }

  async lend(sessionId: string): Promise<void> {
    const known = this.#uriOf(sessionId);
    const uri = known ?? (await this.#move(sessionId));
    const document = await vscode.workspace.openTextDocument(uri);
    const { end } = document.lineAt(document.lineCount - 1).range;
    const selection = known === undefined ? { selection: new vscode.Range(end, end) } : {};
    await vscode.window.showTextDocument(document, { preview: false, ...selection });
  }

  find(argument: unknown): string | undefined {
    const given = argument instanceof vscode.Uri ? argument : undefined;
    const uri = given ?? vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme !== draftScheme) return undefined;
    const found = Object.entries(this.#stored()).find(([, lent]) => lent.uri === uri.toString());
    return found?.[0];
  }

  async takeBack(sessionId: string): Promise<void> {
    const uri = this.#uriOf(sessionId);
    if (uri === undefined) return;
    const document = findDocument(uri);
    await this.#putBack(sessionId, document?.getText() ?? (await this.#read(uri)));
    // Its tab closes without a question.
    await document?.save();
    const tabs = tabsOf(uri);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    await this.#ports.files.delete(uri);
  }

  /** Where it is not taken, its document is there again. */
  async send(sessionId: string, send: (draft: ComposerDraft) => Promise<unknown>): Promise<void> {
    if (this.#leaving.has(sessionId)) return;
    this.#leaving.add(sessionId);
    try {
      await this.takeBack(sessionId);
      await send(this.#ports.composers.get(sessionId));
    } catch (error) {
      await this.lend(sessionId);
      throw error;
    } finally {
      this.#leaving.delete(sessionId);
      this.#didChange.fire({ sessionId });
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  /** Writes the text into a document, and only then takes it out of the composer. */
  async #move(sessionId: string): Promise<vscode.Uri> {
    const { files, memory, composers, title } = this.#ports;
    const { text, mentions } = composers.get(sessionId);
    const taken = new Set((await files.readDirectory()).map(([name]) => name));
    const uri = toDraftUri(
      freeFileName(promptName(title(sessionId)), (name) => taken.has(name), '.markdown'),
    );
    files.begin(uri);
    await files.write(uri, new TextEncoder().encode(text));
    const lent: LentPrompt = withoutUndefined({ uri: uri.toString(), mentions });
    await memory.update(key, { ...this.#stored(), [sessionId]: lent });
    const { mentions: _, ...draft } = composers.get(sessionId);
    // What came meanwhile stays there, and stands behind the rest later.
    if (draft.text === text) composers.update(sessionId, { ...draft, text: '' });
    composers.keepNow();
    this.#didChange.fire({ sessionId });
    return uri;
  }

  /** It stands in its composer, and is kept there, before it is here no more. */
  async #putBack(sessionId: string, text: string): Promise<void> {
    const { memory, composers } = this.#ports;
    const { [sessionId]: lent, ...others } = this.#stored();
    composers.putBack(sessionId, withoutUndefined({ text, mentions: lent?.mentions }));
    composers.keepNow();
    await memory.update(key, others);
    this.#didChange.fire({ sessionId });
  }

  #takeBackUnseen(): void {
    for (const sessionId of Object.keys(this.#stored())) {
      const uri = this.#uriOf(sessionId);
      if (uri === undefined || this.#leaving.has(sessionId) || tabsOf(uri).length > 0) continue;
      this.#takeBackSaved(sessionId, uri).catch((error: unknown) =>
        this.#ports.log.error('A prompt could not be taken back from its document', sessionId, error),
      );
    }
  }

  /** What was not saved when the tab was closed was not meant to be kept. */
  async #takeBackSaved(sessionId: string, uri: vscode.Uri): Promise<void> {
    const text = await this.#read(uri);
    // Opened again, or taken back, meanwhile.
    if (this.#uriOf(sessionId) === undefined || tabsOf(uri).length > 0) return;
    await this.#putBack(sessionId, text);
    await this.#ports.files.delete(uri);
  }

  async #read(uri: vscode.Uri): Promise<string> {
    const { files } = this.#ports;
    return (await files.has(uri)) ? new TextDecoder().decode(await files.readFile(uri)) : '';
  }

  #uriOf(sessionId: string): vscode.Uri | undefined {
    const lent = this.#stored()[sessionId];
    return lent && vscode.Uri.parse(lent.uri);
  }

  #stored(): Readonly<Record<string, LentPrompt>> {
    return Stored.parse(this.#ports.memory.get(key, {}));
  }
}

function tabsOf(uri: vscode.Uri): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

function findDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString() && !document.isClosed,
  );
}
