import { dirname, posix } from 'node:path';
import { Uri, window } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { AskWhereToSave, SaveTarget } from '../../core/ports/writtenFile.ts';
import { beginFile, beginFolder } from '../keeping/writtenFile.ts';

/** Where the last one was saved in this window: who exports several has a place for them. */
let lastFolder: Uri | undefined;

/** The editor's own dialog, which also asks before it lets another file be written over. */
export const askWhereToSave: AskWhereToSave = {
  file: async ({ title, directory, name, kinds }) => {
    const filters = Object.fromEntries(Object.entries(kinds).map(([kind, endings]) => [kind, [...endings]]));
    const uri = await ask(title, directory, name, filters);
    return uri && toTarget(uri, beginFile);
  },
  folder: async ({ title, directory, name }) => {
    const uri = await ask(title, directory, name);
    return uri && toTarget(uri, beginFolder);
  },
};

async function ask(
  title: string,
  directory: string,
  name: string,
  filters?: Record<string, string[]>,
): Promise<Uri | undefined> {
  const folder = lastFolder ?? Uri.file(directory);
  const uri = await window.showSaveDialog({
    title,
    defaultUri: Uri.joinPath(folder, name),
    ...(filters === undefined ? {} : { filters }),
  });
  if (uri !== undefined) lastFolder = Uri.file(dirname(uri.fsPath));
  return uri;
}

function toTarget<Written>(uri: Uri, begin: (path: string) => Promise<Written>): SaveTarget<Written> {
  return {
    name: posix.basename(uri.path),
    begin: async () => {
      if (uri.scheme === 'file') return begin(uri.fsPath);
      throw new Problem(
        l10n.t(
          'An export can only be written to a disk of the machine that the session is on. Choose a place there.',
        ),
      );
    },
    open: { title: l10n.t('Open'), command: 'vscode.open', arguments: [uri] },
    reveal: { title: l10n.t('Show in Folder'), command: 'revealFileInOS', arguments: [uri] },
  };
}
