import { commands, Uri, window } from 'vscode';
import { nameInFolder, type Place } from '../../core/changes/changedTurn.ts';
import { chooseShown, describeTooLarge, shownLimits } from '../../core/changes/shownLimits.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import { describeRunError } from '../../core/entries/runErrorText.ts';
import { readWholePermission } from '../../core/requests/requestEntry.ts';
import {
  readToolInput,
  readToolOutput,
  readToolPatches,
  readToolPath,
} from '../../core/entries/toolEntry.ts';
import { Padding } from '../../core/entries/padding.ts';
import { reconstructSides } from '../../core/entries/unifiedDiff.ts';
import type { Patch } from '../../core/tools/tool.ts';
import { permissionOf } from '../../core/tools/toolOf.ts';
import type { FileDiff, MessageWithParts, Part, PermissionRequest } from '../../protocol/records.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { fileUri, isInside, readText } from './sessionFiles.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

const errorName = 'error.txt';

/** Which part of which session. */
export interface PartAddress {
  readonly sessionId: string;
  readonly messageId: string;
  readonly partId: string;
}

export interface PartDocumentsPorts {
  readonly openCode: Pick<OpenCode, 'getMessage' | 'diffMessage'>;
  readonly documents: VirtualDocuments;
}

/** Reads a part whole from the server, with its message; throws where it is gone. */
export async function readPart(
  openCode: Pick<OpenCode, 'getMessage'>,
  { sessionId, messageId, partId }: PartAddress,
): Promise<{ readonly message: MessageWithParts; readonly part: Part }> {
  const message = await openCode.getMessage(sessionId, messageId);
  const part = message.parts.find(({ id }) => id === partId);
  if (part === undefined) throw new NotFoundProblem(l10n.t('This part is no longer in the session.'));
  return { message, part };
}

/** Opens the whole text of a part in an editor, read-only. */
export async function openPartOutput(
  { openCode, documents }: PartDocumentsPorts,
  address: PartAddress,
): Promise<void> {
  const { part } = await readPart(openCode, address);
  const { name, text } = describePart(part);
  await openText(documents, name, text);
}

/** Opens the whole of what a tool call was given in an editor, read-only. */
export async function openPartInput(
  { openCode, documents }: PartDocumentsPorts,
  address: PartAddress,
): Promise<void> {
  const { part } = await readPart(openCode, address);
  const { name, text } = part.type === 'tool' ? readToolInput(part) : describePart(part);
  await openText(documents, name, text);
}

/** Opens the whole of what ended a message badly in an editor, read-only. */
export async function openRunError(
  { openCode, documents }: PartDocumentsPorts,
  { sessionId, messageId }: Omit<PartAddress, 'partId'>,
): Promise<void> {
  const { info } = await openCode.getMessage(sessionId, messageId);
  if (info.role !== 'assistant' || info.error === undefined) {
    throw new NotFoundProblem(l10n.t('The message has no error any more.'));
  }
  await openText(documents, errorName, describeRunError(info.error));
}

/**
 * Opens the whole of what a permission is asked for in an editor, read-only, its call looked for once more where it is
 * not known. Returns the text that is shown.
 */
export async function openPermission(
  documents: VirtualDocuments,
  calls: Pick<AskedCalls, 'load'>,
  request: PermissionRequest,
  directory: string | undefined,
): Promise<string> {
  const text = readWholePermission(request, await calls.load(request), directory);
  const ending = permissionOf(request.permission).kind === 'editFile' ? 'diff' : 'txt';
  await openText(documents, `${request.permission}.${ending}`, text);
  return text;
}

/** Opens a text in an editor, read-only; `name` says its title and by its ending its language. Throws where it is too large. */
export async function openText(documents: VirtualDocuments, name: string, text: string): Promise<void> {
  if (text.length > shownLimits.characters) throw new Problem(l10n.t('The text is too large to be shown.'));
  await window.showTextDocument(documents.add(name, text), { preview: true });
}

/** Opens what an edit changed in the editor's own diff, or what a whole turn changed where that is all that is known. */
export async function openPartDiff(
  ports: PartDocumentsPorts,
  place: Place,
  address: PartAddress,
): Promise<void> {
  const { directory } = place;
  const { message, part } = await readPart(ports.openCode, address);
  const own = part.type === 'tool' ? readToolPatches(part) : [];
  const diffs = own.length === 0 ? await turnDiffs(ports.openCode, place, message, part) : own;
  if (diffs.length === 0) {
    throw new Problem(
      l10n.t('OpenCode kept no record of what this changed. The source control view may show it.'),
    );
  }
  const { shown, left } = chooseShown(diffs, ({ patch }) => patch.length);
  const title = own.length === 0 ? l10n.t('Changes of This Turn') : l10n.t('Changes of This Call');
  await showDiffs(ports.documents, directory, title, shown);
  const [large] = left;
  if (large !== undefined) throw new Problem(describeTooLarge(large.file));
}

/** Shows changes in the editor's own diff, several of them in one list. */
async function showDiffs(
  documents: VirtualDocuments,
  directory: string,
  title: string,
  diffs: readonly Patch[],
): Promise<void> {
  const padding = new Padding();
  const sides = await Promise.all(diffs.map((diff) => toSides(documents, directory, diff, padding)));
  const [first] = sides;
  if (first === undefined) return;
  if (sides.length === 1) {
    const nothing = (): Uri => documents.add(first.file.path, '');
    const { file, before = nothing(), after = nothing() } = first;
    await commands.executeCommand('vscode.diff', before, after, diffTitle(file));
  } else {
    const resources = sides.map(({ file, before, after }) => [file, before, after]);
    await commands.executeCommand('vscode.changes', title, resources);
  }
}

interface Sides {
  readonly file: Uri;
  /** undefined: the file was added. The editor marks it so in a list. */
  readonly before: Uri | undefined;
  /** undefined: it was deleted. */
  readonly after: Uri | undefined;
}

/** What the turn changed in the files that the part names. The server keeps it with the prompt of the turn. */
async function turnDiffs(
  openCode: Pick<OpenCode, 'diffMessage'>,
  place: Place,
  { info }: MessageWithParts,
  part: Part,
): Promise<readonly Patch[]> {
  const prompt = info.role === 'assistant' ? info.parentID : info.id;
  const { directory } = place;
  const files = new Set(namedFiles(part).map((file) => fileUri(directory, file).path));
  const diffs = await openCode.diffMessage(info.sessionID, prompt);
  return diffs
    .map((diff) => ({ ...diff, file: nameInFolder(place, diff.file) }))
    .filter(({ file }) => files.size === 0 || files.has(fileUri(directory, file).path))
    .flatMap(toPatch);
}

function toPatch({ file, patch, status }: FileDiff): readonly Patch[] {
  return patch === undefined || patch === '' ? [] : [withoutUndefined({ file, patch, change: status })];
}

function namedFiles(part: Part): readonly string[] {
  if (part.type === 'patch') return part.files;
  const path = part.type === 'tool' ? readToolPath(part) : undefined;
  return path === undefined ? [] : [path];
}

async function toSides(
  documents: VirtualDocuments,
  directory: string,
  { file, patch, change }: Patch,
  padding: Padding,
): Promise<Sides> {
  const uri = fileUri(directory, file);
  const isOurs = await isInside(directory, uri);
  // A file elsewhere is neither read nor opened: what the call said of it is all that is shown.
  const current = isOurs ? await readText(uri) : undefined;
  // What stands there in place of a deleted file has nothing of it.
  const { before, after } = reconstructSides(patch, change === 'deleted' ? undefined : current, padding);
  // Still as the edit left it: the file itself, to go on editing.
  const afterUri = (): Uri => (after === current ? uri : documents.add(uri.path, after));
  return {
    file: isOurs ? uri : documents.add(uri.path, after),
    before: change === 'added' ? undefined : documents.add(uri.path, before),
    after: change === 'deleted' ? undefined : afterUri(),
  };
}

function diffTitle(file: Uri): string {
  return l10n.t('{0} (OpenCode)', file.path.split('/').at(-1) ?? file.path);
}

function describePart(part: Part): { readonly name: string; readonly text: string } {
  switch (part.type) {
    case 'tool':
      return { name: `${part.tool}.txt`, text: readToolOutput(part) };
    case 'text':
    case 'reasoning':
      return { name: `${part.type}.md`, text: part.text };
    case 'retry':
      return { name: errorName, text: describeRunError(part.error) };
    case 'subtask':
      return { name: `${part.agent}.md`, text: part.prompt };
    default:
      return { name: `${part.type}.json`, text: JSON.stringify(part, undefined, 2) };
  }
}
