import { commands, FileSystemError, Uri } from 'vscode';
import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { AttachedFile } from '../../core/entries/fileEntry.ts';
import { fileName } from '../../core/filePath.ts';
import { readToolFiles } from '../../core/entries/toolEntry.ts';
import { attachmentScheme } from '../../manifest.ts';
import { type PartAddress, readPart } from './partDocuments.ts';

/** Which file of which part: of a tool call, its files from 0. */
export interface AttachmentAddress extends PartAddress {
  readonly index: number;
}

/** Opens a file that a session holds in the editor for its kind; throws where it is gone. */
export async function openAttachment(
  openCode: Pick<OpenCode, 'getMessage'>,
  address: AttachmentAddress,
): Promise<void> {
  const { sessionId, messageId, partId, index } = address;
  const name = nameWithEnding(await readFile(openCode, address));
  const path = `/${[sessionId, messageId, partId, index, name].join('/')}`;
  await commands.executeCommand('vscode.open', Uri.from({ scheme: attachmentScheme, path }), {
    preview: true,
  });
}

/** What the editor shows in a tab that `openAttachment` has opened; throws where it is gone. */
export async function readAttachment(
  openCode: Pick<OpenCode, 'getMessage'>,
  path: string,
): Promise<Uint8Array> {
  const [, sessionId = '', messageId = '', partId = '', index = '', name] = path.split('/');
  if (name === undefined) throw FileSystemError.FileNotFound(path);
  return readData(await readFile(openCode, { sessionId, messageId, partId, index: Number(index) }));
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
  return name.includes('.') ? name : `${name}.${form.replace(/\+.*$/s, '')}`;
}
