import { commands, Disposable, EventEmitter, FileSystemError, FileType, Uri, workspace } from 'vscode';
import type { FileStat, FileSystemProvider } from 'vscode';
import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/openCode.ts';
import type { AttachedFile } from '../../core/transcript/fileEntry.ts';
import { fileName } from '../../core/transcript/promptText.ts';
import { readToolFiles } from '../../core/transcript/toolEntry.ts';
import { type PartAddress, readPart } from './partDocuments.ts';

const scheme = 'opencode-sessions-file';

/** Which file of which part: of a tool call, its files from 0. */
export interface AttachmentAddress extends PartAddress {
  readonly index: number;
}

/** Lets the editor open the files that sessions hold as `openAttachment` does. */
export function registerAttachmentFiles(openCode: Pick<OpenCode, 'getMessage'>): Disposable {
  return workspace.registerFileSystemProvider(scheme, new AttachmentFiles(openCode), {
    isCaseSensitive: true,
    isReadonly: true,
  });
}

/** Opens a file that a session holds in the editor for its kind; throws where it is gone. */
export async function openAttachment(
  openCode: Pick<OpenCode, 'getMessage'>,
  address: AttachmentAddress,
): Promise<void> {
  const { sessionId, messageId, partId, index } = address;
  const name = nameWithEnding(await readFile(openCode, address));
  const path = `/${[sessionId, messageId, partId, index, name].join('/')}`;
  await commands.executeCommand('vscode.open', Uri.from({ scheme, path }), { preview: true });
}

/**
 * The files that sessions hold, pasted pictures and what tools gave back, as files of a scheme of their own. Each is
 * read from the server when the editor reads it: nothing of it is kept here or written to the disk.
 */
class AttachmentFiles implements FileSystemProvider {
  readonly #openCode: Pick<OpenCode, 'getMessage'>;

  /** They never change. */
  readonly onDidChangeFile = new EventEmitter<never>().event;

  constructor(openCode: Pick<OpenCode, 'getMessage'>) {
    this.#openCode = openCode;
  }

  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { length } = await this.readFile(uri);
    return { type: FileType.File, ctime: 0, mtime: 0, size: length };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const [, sessionId = '', messageId = '', partId = '', index = '', name] = uri.path.split('/');
    if (name === undefined) throw FileSystemError.FileNotFound(uri);
    return readData(await readFile(this.#openCode, { sessionId, messageId, partId, index: Number(index) }));
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

/** The file with its data; throws where the session holds none. */
async function readFile(
  openCode: Pick<OpenCode, 'getMessage'>,
  { index, ...address }: AttachmentAddress,
): Promise<AttachedFile> {
  const { part } = await readPart(openCode, address);
  const files: readonly AttachedFile[] =
    part.type === 'file' ? [part] : part.type === 'tool' ? readToolFiles(part) : [];
  const file = files[index];
  if (file?.url.startsWith('data:') === true) return file;
  throw new NotFoundProblem(l10n.t('The session does not hold this file.'));
}

/** What a `data:` URL holds. */
function readData({ url }: AttachedFile): Uint8Array {
  const start = url.indexOf(',') + 1;
  const isBase64 = /;base64$/i.test(url.slice(0, start - 1));
  return isBase64
    ? Buffer.from(url.slice(start), 'base64')
    : new TextEncoder().encode(decodeURIComponent(url.slice(start)));
}

/** A name without a folder in it, and with an ending, by which the editor knows how to show it. */
function nameWithEnding({ filename, mime }: AttachedFile): string {
  const [kind = '', form = ''] = mime.split('/');
  const name = fileName(filename ?? '') || kind;
  return name.includes('.') ? name : `${name}.${form.replace(/\+.*$/, '')}`;
}
