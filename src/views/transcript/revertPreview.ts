import { commands } from 'vscode';
import { l10n } from '../../core/l10n.ts';
import type { RevertedFile } from '../../core/transcript/revertPlan.ts';
import { reconstructSides } from '../../core/transcript/unifiedDiff.ts';
import { fileUri, readText } from './sessionFiles.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

/** Opens the files as they are beside what a revert makes of them, in the editor's own multi-file diff. */
export async function showRevert(
  documents: VirtualDocuments,
  directory: string,
  files: readonly RevertedFile[],
): Promise<void> {
  const resources = files.map(async ({ file, patches }) => {
    const uri = fileUri(directory, file);
    const current = (await readText(uri)) ?? '';
    const reverted = patches.reduce((text, patch) => reconstructSides(patch, text).before, current);
    return [uri, uri, documents.add(uri.path, reverted)];
  });
  await commands.executeCommand(
    'vscode.changes',
    l10n.t('What Changes in the Files'),
    await Promise.all(resources),
  );
}
