import { commands, type Uri } from 'vscode';
import { chooseShown } from '../../core/changes/shownLimits.ts';
import type { CompareEditor } from '../../core/compare/compareEditor.ts';
import type { FileSides } from '../../core/compare/comparedFiles.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLine } from '../../core/plainText.ts';
import type { VirtualDocuments } from '../transcript/virtualDocuments.ts';
import type { ComparisonDocuments } from './comparisonDocuments.ts';

/** Comparisons in the editor's own documents and diffs. */
export function createCompareEditor(
  documents: VirtualDocuments,
  comparisons: Pick<ComparisonDocuments, 'show'>,
): CompareEditor {
  return {
    show: async (comparison) => comparisons.show(comparison),
    showFiles: async (title, names, files) => {
      const { shown, left } = choose(files);
      const resources = shown.map((file) => toResource(documents, names, file));
      if (resources.length > 0) await commands.executeCommand('vscode.changes', plainLine(title), resources);
      return left;
    },
    showAnswers: async (title, left, right) => {
      const add = ({ name, text }: typeof left): Uri => documents.add(`${toSegment(name)}.md`, text);
      await commands.executeCommand('vscode.diff', add(left), add(right), plainLine(title));
    },
  };
}

type KnownSides = FileSides & { readonly left: string | null; readonly right: string | null };

/** Those that differ and of which both texts are known, as many as an editor takes at once; what is the same is none of the others. */
function choose(files: readonly FileSides[]) {
  const isKnown = (file: FileSides): file is KnownSides =>
    file.left !== undefined && file.right !== undefined;
  const differing = files.filter(({ relation }) => relation !== 'same');
  const known = differing.filter(isKnown);
  const { shown } = chooseShown(known, ({ left, right }) => (left?.length ?? 0) + (right?.length ?? 0));
  const taken = new Set<FileSides>(shown);
  return { shown, left: differing.filter((file) => !taken.has(file)) };
}

/** The folder that a file seems to lie in says that only one session changed it: of a file in a list the editor shows no more. */
function toResource(
  documents: VirtualDocuments,
  [leftName, rightName]: readonly [string, string],
  { path, relation, left, right }: KnownSides,
): readonly (Uri | undefined)[] {
  const mark =
    relation === 'left' || relation === 'right'
      ? `${toSegment(l10n.t('only {0}', relation === 'left' ? leftName : rightName))}/`
      : '';
  const name = `${mark}${path.replace(/^\/+/, '')}`;
  const add = (text: string | null): Uri | undefined =>
    text === null ? undefined : documents.add(name, text);
  return [documents.add(name, right ?? left ?? ''), add(left), add(right)];
}

/** A name as a piece of a path. */
function toSegment(name: string): string {
  return plainLine(name).replaceAll(/[/\\]/g, '∕');
}
