import { Disposable, EventEmitter, FileSystemError, FileType, type Uri, workspace } from 'vscode';
import type { FileStat, FileSystemProvider } from 'vscode';
import { attachmentScheme } from '../../manifest.ts';

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
class AttachmentSystem implements FileSystemProvider {
  readonly #read: (path: string) => Promise<Uint8Array>;

  /** They never change. */
  readonly onDidChangeFile = new EventEmitter<never>().event;

  constructor(read: (path: string) => Promise<Uint8Array>) {
    this.#read = read;
  }

  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  async stat({ path }: Uri): Promise<FileStat> {
    const { length } = await this.#read(path);
    return { type: FileType.File, ctime: 0, mtime: 0, size: length };
  }

  readFile({ path }: Uri): Promise<Uint8Array> {
    return this.#read(path);
  }

  readDirectory(uri: Uri): never {
    throw FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }
}
