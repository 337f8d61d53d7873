import { type TextDocument, Uri, workspace } from 'vscode';
import type { AutomationOrigin } from '../../core/automations/automation.ts';
import { realDirectory } from '../workspaceFolders.ts';

/** A file in which automations may stand, and whose they are. */
export interface SettingsFile {
  readonly uri: Uri;
  readonly origin: AutomationOrigin;
}

/** The settings files of the workspace, whether they are there or not. */
export function workspaceSettingsFiles(): readonly SettingsFile[] {
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }): SettingsFile => ({
    uri: Uri.joinPath(uri, '.vscode', 'settings.json'),
    origin: { kind: 'folder', directory: realDirectory(uri.fsPath) },
  }));
  const file = workspace.workspaceFile;
  if (file === undefined || file.scheme === 'untitled') return folders;
  return [{ uri: file, origin: { kind: 'workspace', file: file.toString() } }, ...folders];
}

/** Whose settings a document holds; undefined: it is no settings file. */
export function settingsFileOf({ uri }: Pick<TextDocument, 'uri'>): SettingsFile | undefined {
  const ofWorkspace = workspaceSettingsFiles().find((file) => file.uri.toString() === uri.toString());
  if (ofWorkspace !== undefined) return ofWorkspace;
  const isOwn = uri.scheme === 'vscode-userdata' && uri.path.endsWith('/settings.json');
  // Those of the machine far away on which the extension runs.
  const isOfMachine = uri.path.endsWith('/Machine/settings.json');
  return isOwn || isOfMachine ? { uri, origin: { kind: 'user' } } : undefined;
}
