import { realpath } from 'node:fs/promises';
import { commands, FileType, Range, Uri, workspace } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { locateFile } from '../../core/locateFile.ts';
import { resolvePath } from '../../core/filePath.ts';

/** The address of a path that a session named, relative to its directory or absolute; dots in it are resolved. */
export function fileUri(directory: string, path: string): Uri {
  return Uri.joinPath(Uri.file(resolvePath(directory, path)), '.');
}

/**
 * Whether the file is not outside of the session's directory and the open folders: the only ones of which a transcript
 * reads or opens files. A link in them that leads out is outside.
 */
export async function isInside(directory: string, uri: Uri): Promise<boolean> {
  const open = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const folders = [Uri.file(directory), ...open.map((folder) => folder.uri)].map(({ fsPath }) => fsPath);
  const location = await locateFile(uri.fsPath, folders, (path) => realpath(path).catch(() => undefined));
  return location !== 'outside';
}

/** Throws for a file outside of the folders, and says so. */
export async function assertInside(directory: string, uri: Uri): Promise<void> {
  if (await isInside(directory, uri)) return;
  throw new Problem(l10n.t('{0} is outside the open folders, so it is not opened from here.', uri.fsPath));
}

/** Opens a file in the editor for its kind, which may be a picture; a text at a line, which counts from 1. */
export async function openFile(directory: string, path: string, line: number | undefined): Promise<void> {
  const uri = fileUri(directory, path);
  await assertInside(directory, uri);
  if (!(await isFile(uri))) throw new Problem(l10n.t('There is no file {0} (any more).', uri.fsPath));
  const start = Math.max(0, (line ?? 1) - 1);
  await commands.executeCommand('vscode.open', uri, {
    preview: true,
    ...(line === undefined ? {} : { selection: new Range(start, 0, start, 0) }),
  });
}

async function isFile(uri: Uri): Promise<boolean> {
  return (await findKind(uri)) === 'file';
}

/** What stands there; undefined: nothing that can be read. */
export async function findKind(uri: Uri): Promise<'file' | 'folder' | undefined> {
  try {
    const { type } = await workspace.fs.stat(uri);
    if ((type & FileType.File) !== 0) return 'file';
    return (type & FileType.Directory) === 0 ? undefined : 'folder';
  } catch {
    return undefined;
  }
}

/** The text of a file as it is on the disk or, unsaved, in an editor; undefined where there is none. */
export async function readText(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  return (await isFile(uri)) ? new TextDecoder().decode(await workspace.fs.readFile(uri)) : undefined;
}
