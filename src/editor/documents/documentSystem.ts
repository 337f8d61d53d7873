import { Disposable, EventEmitter, FileChangeType, FileType, Uri, workspace } from 'vscode';
import type { FileChangeEvent, FileStat, FileSystemProvider } from 'vscode';
import type { Event } from '../../core/event.ts';
import { documentScheme } from '../../manifest.ts';
import { ReadOnlyFiles } from '../readOnlyFiles.ts';

/** The texts of the documents, by their addresses. */
export interface DocumentTexts {
  readonly onDidChange: Event<string>;
  read(address: string, query: string): Promise<string>;
  /** Another number for each text; 0 where there is none. */
  version(address: string): number;
}

/**
 * Lets the editor open sessions as documents that nobody can write; `load` answers with their texts. They are files to the
 * editor, and no content of a provider of texts: of a file that changed it replaces the lines that are otherwise, and a
 * reader stays where they are. Of such a content it replaces all once it has 100,000 characters (VS Code 1.139).
 */
export function registerDocumentSystem(load: () => Promise<DocumentTexts>): Disposable {
  const system = new DocumentSystem(load);
  return Disposable.from(
    system,
    workspace.registerFileSystemProvider(documentScheme, system, { isCaseSensitive: true, isReadonly: true }),
  );
}

/** A text in a file of UTF-8 says so itself, whatever encoding the person set for theirs. */
const byteOrderMark = '\ufeff';

class DocumentSystem extends ReadOnlyFiles implements FileSystemProvider, Disposable {
  readonly #load: () => Promise<DocumentTexts>;
  readonly #didChange = new EventEmitter<FileChangeEvent[]>();
  #listening: { dispose(): unknown } | undefined;
  /** The length of each text that was read last, in bytes. */
  readonly #sizes = new Map<string, number>();

  readonly onDidChangeFile = this.#didChange.event;

  constructor(load: () => Promise<DocumentTexts>) {
    super();
    this.#load = load;
  }

  async stat(uri: Uri): Promise<FileStat> {
    const address = uri.toString();
    const texts = await this.#texts();
    return {
      type: FileType.File,
      ctime: 0,
      // By this the editor knows that there is another text.
      mtime: texts.version(address),
      size: this.#sizes.get(address) ?? 0,
    };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const address = uri.toString();
    const texts = await this.#texts();
    const bytes = new TextEncoder().encode(byteOrderMark + (await texts.read(address, uri.query)));
    this.#sizes.set(address, bytes.length);
    return bytes;
  }

  dispose(): void {
    this.#listening?.dispose();
    this.#didChange.dispose();
  }

  async #texts(): Promise<DocumentTexts> {
    const texts = await this.#load();
    this.#listening ??= texts.onDidChange((address) =>
      this.#didChange.fire([{ type: FileChangeType.Changed, uri: Uri.parse(address) }]),
    );
    return texts;
  }
}
