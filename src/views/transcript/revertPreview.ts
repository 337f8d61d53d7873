import { commands } from 'vscode';
import { l10n } from '../../core/l10n.ts';
import { Padding } from '../../core/entries/padding.ts';
import { type RevertedFile, takeBackText } from '../../core/transcript/revertPlan.ts';
import { assertInside, fileUri, readText } from './sessionFiles.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

/** Opens the files as they are beside what a revert makes of them, in the editor's own multi-file diff. */
export async function showRevert(
  documents: VirtualDocuments,
  directory: string,
  files: readonly RevertedFile[],
): Promise<void> {
  const padding = new Padding();
  const resources = files.map(async (file) => {
    const uri = fileUri(directory, file.file);
    await assertInside(directory, uri);
    const current = await readText(uri);
    const reverted = takeBackText(file, current, padding);
    // A side that is left out is one where the file is not there: the editor marks it as added or deleted.
    return [
      uri,
      current === undefined ? undefined : uri,
      reverted === undefined ? undefined : documents.add(uri.path, reverted),
    ];
  });
  await commands.executeCommand(
    'vscode.changes',
    l10n.t('What Changes in the Files'),
    await Promise.all(resources),
  );
}
