import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { codeOf } from '../../core/errors.ts';
import { wait } from '../timer.ts';

export const draftScheme = 'opencode-prompt';
export const draftLanguage = 'opencode-prompt';

const ownerOnly = 0o600;

/** Milliseconds after which a save counts as over that the editor never looked at. */
const longestSave = 2000;

/** Where drafts lie within their scheme; package.json gives `*.md` in there our language. */
const folder = '/OpenCode Prompts';

export function toDraftUri(fileName: string): vscode.Uri {
  return vscode.Uri.from({ scheme: draftScheme, path: `${folder}/${fileName}` });
}

/** Registers the drafts of this workspace as files of their scheme. */
export function registerDraftFiles(
  { storageUri, globalStorageUri }: Pick<vscode.ExtensionContext, 'storageUri' | 'globalStorageUri'>,
  own: <T extends { dispose(): unknown }>(disposable: T) => T,
): DraftFiles {
  const files = own(new DraftFiles(vscode.Uri.joinPath(storageUri ?? globalStorageUri, 'drafts').fsPath));
  own(vscode.workspace.registerFileSystemProvider(draftScheme, files, { isCaseSensitive: true }));
  return files;
}

/**
 * The drafts as files of a scheme of their own. They lie in the storage of the workspace, so they survive a
 * reload of the window and VS Code's own backup of unsaved changes finds them again. They are read and written without
 * `vscode.workspace.fs`, which asks the window before each step (1.139), while the window is busy opening an editor.
 */
export class DraftFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #root: string;
  /** Files that the editor has written and not yet looked at, by path: its save is not over before that (1.139). */
  readonly #saves = new Map<string, PromiseWithResolvers<void>>();
  /** The paths of drafts that are gone; what the editor still saves of one is taken away again. */
  readonly #gone = new Set<string>();
  readonly #didChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#didChangeFile.event;

  /** `root` is the path of the folder in which they lie; it need not be there yet. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Changes come from this window alone and are told as they are made. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (uri.path === '/' || uri.path === folder)
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return this.#ask(uri, async (file) => {
      const { ctimeMs, mtimeMs, size } = await fs.stat(file);
      this.#saves.get(uri.path)?.resolve();
      return { type: vscode.FileType.File, ctime: ctimeMs, mtime: mtimeMs, size };
    });
  }

  async readDirectory(): Promise<[string, vscode.FileType][]> {
    await fs.mkdir(this.#root, { recursive: true });
    return (await fs.readdir(this.#root)).map((name) => [name, vscode.FileType.File]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#ask(uri, (file) => fs.readFile(file));
  }

  /** Called by the editor, with what a person wrote. */
  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    const exists = await this.has(uri);
    if (!exists && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
    if (exists && options.create && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
    const save = Promise.withResolvers<void>();
    this.#saves.set(uri.path, save);
    await this.#write(uri, content, exists);
    void this.#afterSave(uri, save);
  }

  /** There is a draft of this name from now on, also where another one that had it is gone. */
  begin(uri: vscode.Uri): void {
    this.#gone.delete(uri.path);
  }

  /** Writes a draft without the editor. */
  async write(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#write(uri, content, await this.has(uri));
  }

  /** Called by the editor, too; a save that is under way comes to its end first, or the editor says that it failed. */
  async delete(uri: vscode.Uri): Promise<void> {
    this.#gone.add(uri.path);
    const save = this.#saves.get(uri.path);
    if (save === undefined) await this.#remove(uri);
    else await this.#afterSave(uri, save);
  }

  /** The name of a draft says what it is for; it stays. */
  rename(from: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(from);
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async has(uri: vscode.Uri): Promise<boolean> {
    try {
      await fs.stat(this.#toFile(uri));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  dispose(): void {
    this.#didChangeFile.dispose();
  }

  async #write(uri: vscode.Uri, content: Uint8Array, exists: boolean): Promise<void> {
    await fs.mkdir(this.#root, { recursive: true });
    const file = this.#toFile(uri);
    // What a draft says is for nobody else on this machine. One that is there keeps its mode when it is written.
    if (exists) await fs.chmod(file, ownerOnly);
    await fs.writeFile(file, content, { mode: ownerOnly });
    const { Changed, Created } = vscode.FileChangeType;
    this.#didChangeFile.fire([{ type: exists ? Changed : Created, uri }]);
  }

  /** Waits until the editor has looked at what it wrote; what is not to be there is then taken away. */
  async #afterSave(uri: vscode.Uri, save: PromiseWithResolvers<void>): Promise<void> {
    await Promise.race([save.promise, wait(longestSave)]);
    if (this.#saves.get(uri.path) === save) this.#saves.delete(uri.path);
    if (this.#gone.has(uri.path) && (await this.has(uri))) await this.#remove(uri);
  }

  async #remove(uri: vscode.Uri): Promise<void> {
    await this.#ask(uri, (file) => fs.rm(file, { force: true }));
    this.#didChangeFile.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  async #ask<T>(uri: vscode.Uri, act: (file: string) => Promise<T>): Promise<T> {
    try {
      return await act(this.#toFile(uri));
    } catch (error) {
      // Named after the draft: its place on the disk is nobody's business.
      throw isMissing(error) ? vscode.FileSystemError.FileNotFound(uri) : error;
    }
  }

  /** Drafts lie side by side; a path with other folders in it names none of them. */
  #toFile(uri: vscode.Uri): string {
    const name = uri.path.startsWith(`${folder}/`) ? uri.path.slice(folder.length + 1) : '';
    if (/^\.{0,2}$|[\\/]/.test(name)) throw vscode.FileSystemError.FileNotFound(uri);
    return join(this.#root, name);
  }
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'FileNotFound';
}
