import { workspace } from 'vscode';
import type { Disposable } from '../core/event.ts';

/** The workspace folders that lie on this machine's disk, as absolute paths in their order. */
export function workspaceDirectories(): readonly string[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

export function onDidChangeWorkspaceDirectories(listener: () => void): Disposable {
  return workspace.onDidChangeWorkspaceFolders(listener);
}
