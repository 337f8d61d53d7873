import { Uri, workspace } from 'vscode';

/** Whether an editor holds changes of this file that are not saved. */
export function isUnsaved(path: string): boolean {
  const address = Uri.file(path).toString();
  return workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.toString() === address);
}
