import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { workspace, type WorkspaceFolder } from 'vscode';
import type { Disposable } from '../core/event.ts';
import { pathBelow } from '../core/withSlashes.ts';

/**
 * The workspace folders that lie on this machine's disk, as absolute paths in their order. Links are followed,
 * because the server names the directory of a session so.
 */
export function workspaceDirectories(): readonly string[] {
  const paths = (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => realDirectory(uri.fsPath));
  return [...new Set(paths)];
}

/** What the window calls a folder; its last path segment where it is none of the window's. */
export function directoryName(directory: string): string {
  return folderOf(directory)?.name ?? basename(directory);
}

/** The folder of the window that lies there. */
export function folderOf(directory: string): WorkspaceFolder | undefined {
  return workspace.workspaceFolders?.find(({ uri }) => realDirectory(uri.fsPath) === directory);
}

export function onDidChangeWorkspaceDirectories(listener: () => void): Disposable {
  realPaths.clear();
  return workspace.onDidChangeWorkspaceFolders(() => {
    realPaths.clear();
    listener();
  });
}

/** Asked for with every row that is drawn, so each is looked up once. */
const realPaths = new Map<string, string>();

/** An absolute path of a folder, with its links followed as those of the window's folders are. */
export function realDirectory(path: string): string {
  const known = realPaths.get(path);
  if (known !== undefined) return known;
  const real = lookUp(path);
  realPaths.set(path, real);
  return real;
}

function lookUp(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // A folder that is gone, or not to be looked at, keeps its name.
    return path;
  }
}

/** The folder of the window that a directory is, or lies in: the innermost of them. */
export function findHome(directory: string): WorkspaceFolder | undefined {
  const around = (workspace.workspaceFolders ?? []).filter(({ uri }) => {
    const path = realDirectory(uri.fsPath);
    return path === directory || pathBelow(path, directory) !== undefined;
  });
  return around.toSorted((a, b) => b.uri.fsPath.length - a.uri.fsPath.length)[0];
}
