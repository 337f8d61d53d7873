import { commands, FileType, Range, Uri, workspace } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { resolvePath } from '../../core/transcript/promptText.ts';

/** The address of a path that a session named, relative to its directory or absolute; dots in it are resolved. */
export function fileUri(directory: string, path: string): Uri {
  return Uri.joinPath(Uri.file(resolvePath(directory, path)), '.');
}

/** Whether the file is inside the session's directory or an open folder: the only ones that a transcript opens. */
export function isInside(directory: string, uri: Uri): boolean {
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri);
  return [Uri.file(directory), ...folders].some((folder) => {
    const root = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
    return uri.path.startsWith(root);
  });
}

/** Opens a file in the editor for its kind, which may be a picture; a text at a line, which counts from 1. */
export async function openFile(directory: string, path: string, line: number | undefined): Promise<void> {
  const uri = fileUri(directory, path);
  if (!isInside(directory, uri)) {
    throw new Problem(l10n.t('{0} is outside the open folders, so it is not opened from here.', uri.fsPath));
  }
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
