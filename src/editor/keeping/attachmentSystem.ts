import { type Disposable, EventEmitter, FileType, type Uri, workspace } from 'vscode';
import type { FileStat, FileSystemProvider } from 'vscode';
import { attachmentScheme } from '../../manifest.ts';
import { ReadOnlyFiles } from '../readOnlyFiles.ts';

/** Lets the editor open the files that sessions hold; `read` answers with what stands behind a path. */
export function registerAttachmentSystem(read: (path: string) => Promise<Uint8Array>): Disposable {
  return workspace.registerFileSystemProvider(attachmentScheme, new AttachmentSystem(read), {
    isCaseSensitive: true,
    isReadonly: true,
  });
}

/**
 * The files that sessions hold, pasted pictures and what tools gave back, as files of a scheme of their own. Each is
 * read from the server when the editor reads it: nothing of it is kept here or written to the disk.
 */
class AttachmentSystem extends ReadOnlyFiles implements FileSystemProvider {
  readonly #read: (path: string) => Promise<Uint8Array>;

  /** They never change. */
  readonly onDidChangeFile = new EventEmitter<never>().event;

  constructor(read: (path: string) => Promise<Uint8Array>) {
    super();
    this.#read = read;
  }

  async stat({ path }: Uri): Promise<FileStat> {
    const { length } = await this.#read(path);
    return { type: FileType.File, ctime: 0, mtime: 0, size: length };
  }

  readFile({ path }: Uri): Promise<Uint8Array> {
    return this.#read(path);
  }
}
