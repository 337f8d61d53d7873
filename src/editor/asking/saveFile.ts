import { posix } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { AskWhereToSave } from '../../core/ports/saveTarget.ts';

/** The editor's own dialog, which also asks before it lets another file be written over. */
export const askWhereToSave: AskWhereToSave = async ({ title, directory, name, kinds }) => {
  const uri = await window.showSaveDialog({
    title,
    defaultUri: Uri.joinPath(Uri.file(directory), name),
    filters: Object.fromEntries(Object.entries(kinds).map(([kind, endings]) => [kind, [...endings]])),
  });
  if (uri === undefined) return undefined;
  return {
    name: posix.basename(uri.path),
    write: async (text) => write(uri, text),
    open: { title: l10n.t('Open'), command: 'vscode.open', arguments: [uri] },
  };
};

async function write(uri: Uri, text: string): Promise<void> {
  try {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (cause) {
    throw new Problem(l10n.t('The file {0} could not be written. Choose another place for it.', uri.path), {
      cause,
    });
  }
}
