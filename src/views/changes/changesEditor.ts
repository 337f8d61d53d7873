import { commands, Uri } from 'vscode';
import { type ChangedFile, sizeOf } from '../../core/changes/changedFile.ts';
import { chooseShown, describeTooLarge } from '../../core/changes/shownLimits.ts';
import { Padding } from '../../core/entries/padding.ts';
import { reconstructSides } from '../../core/entries/unifiedDiff.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLine } from '../../core/plainText.ts';
import type { ChangesEditor } from '../../core/changes/changesEditor.ts';
import { fileName } from '../../core/filePath.ts';
import { fileUri, isInside, openFile, readText } from '../transcript/sessionFiles.ts';
import type { VirtualDocuments } from '../transcript/virtualDocuments.ts';

interface Sides {
  /** By which the editor names it. */
  readonly file: Uri;
  /** undefined: the file was not there. */
  readonly before: Uri | undefined;
  readonly after: Uri | undefined;
}

/** What sessions changed, in the editor's own diffs. */
export function createChangesEditor(documents: VirtualDocuments): ChangesEditor {
  return {
    showAll: async ({ directory }, title, changes) => {
      const { shown, left } = choose(changes);
      const padding = new Padding();
      const sides = await Promise.all(shown.map((change) => toSides(documents, directory, change, padding)));
      const resources = sides.map(({ file, before, after }) => [file, before, after]);
      if (resources.length > 0) await commands.executeCommand('vscode.changes', plainLine(title), resources);
      return left;
    },
    showOne: async ({ directory }, change) => {
      if (choose([change]).shown.length === 0) throw new Problem(whyHidden(change));
      const { file, before, after } = await toSides(documents, directory, change, new Padding());
      const nothing = (): Uri => documents.add(file.path, '');
      const title = l10n.t('{0} (OpenCode)', fileName(change.path));
      await commands.executeCommand('vscode.diff', before ?? nothing(), after ?? nothing(), plainLine(title));
    },
    openFile: async ({ directory }, path) => openFile(directory, path, undefined),
    showBecoming: async (title, files) => {
      const resources = files.map(({ path, current, next }) => [
        Uri.file(path),
        current === null ? undefined : documents.add(path, current),
        next === null ? undefined : documents.add(path, next),
      ]);
      await commands.executeCommand('vscode.changes', plainLine(title), resources);
    },
  };
}

/** Those with a text that an editor can show, as many as it takes at once. */
function choose(changes: readonly ChangedFile[]) {
  const isKnown = ({ before, after, patches }: ChangedFile): boolean =>
    patches !== undefined || (before !== undefined && after !== undefined);
  const { shown } = chooseShown(changes.filter(isKnown), sizeOf);
  const taken = new Set(shown);
  return { shown, left: changes.filter((change) => !taken.has(change)) };
}

async function toSides(
  documents: VirtualDocuments,
  directory: string,
  change: ChangedFile,
  padding: Padding,
): Promise<Sides> {
  const uri = fileUri(directory, change.path);
  // A file elsewhere is neither read nor opened: what is known of it is all that is shown.
  const isOurs = await isInside(directory, uri);
  const current = isOurs ? await readText(uri) : undefined;
  const { before, after } = toTexts(change, current, padding);
  const add = (path: string, text: string | null): Uri | undefined =>
    text === null ? undefined : documents.add(path, text);
  return {
    file: isOurs ? uri : documents.add(uri.path, after ?? ''),
    before: add(fileUri(directory, change.from ?? change.path).path, before),
    // Still as the session left it: the file itself, to go on editing.
    after: isOurs && after !== null && after === current ? uri : add(uri.path, after),
  };
}

/** Of pieces, as much as the file as it is now makes of them. */
function toTexts(
  { before, after, patches = [] }: ChangedFile,
  current: string | undefined,
  padding: Padding,
): { readonly before: string | null; readonly after: string | null } {
  if (before !== undefined && after !== undefined) return { before, after };
  const [latest] = patches;
  return {
    before: patches.reduce((text, patch) => reconstructSides(patch, text, padding).before, current) ?? null,
    after: latest === undefined ? (current ?? null) : reconstructSides(latest, current, padding).after,
  };
}

function whyHidden({ path, lacks }: ChangedFile): string {
  const name = fileName(path);
  switch (lacks) {
    case 'binary':
      return l10n.t('{0} is no text, so its change is not shown.', name);
    case 'mode':
      return l10n.t('Of {0} only the mode changed, not the text.', name);
    case 'pieces':
      return l10n.t('OpenCode kept no word of what stood in {0} before.', name);
    default:
      return describeTooLarge(path);
  }
}
