import { rankSessions } from '../../core/compare/choosePair.ts';
import { type FileSides, toSides } from '../../core/compare/comparedFiles.ts';
import type { ComparedSession, Comparison } from '../../core/compare/comparison.ts';
import { buildAnswersText } from '../../core/compare/comparisonText.ts';
import { formatFigure } from '../../core/changes/changesFigure.ts';
import { fileName } from '../../core/filePath.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Command } from '../command.ts';
import { type CompareApproachesDeps, readCompared } from './compareApproaches.ts';

export interface CompareTwoDeps extends CompareApproachesDeps {
  readonly dialogs: CompareApproachesDeps['dialogs'] & Pick<Dialogs, 'pickOne' | 'inform'>;
}

interface ChosenPair {
  readonly comparison: Comparison;
  /** Their places in it. */
  readonly places: readonly [left: number, right: number];
  readonly left: ComparedSession;
  readonly right: ComparedSession;
}

/** Files that a sentence names at most. */
const named = 3;

/** Shows what two sessions were asked and answered from where they part, in the editor's own diff. */
export function compareAnswers(deps: CompareTwoDeps): Command {
  return async (argument, selection) => {
    const chosen = await choosePairOf(deps, argument, selection, l10n.t('Compare the Answers of Which Two?'));
    if (chosen === undefined) return undefined;
    const { left, right } = chosen;
    const side = (session: ComparedSession) => ({ name: session.name, text: buildAnswersText(session) });
    await deps.compareEditor.showAnswers(
      l10n.t('Answers: {0} ↔ {1}', left.name, right.name),
      side(left),
      side(right),
    );
    return left.session.id;
  };
}

/** Shows the files that any of two sessions changed, as each left them, in the editor's own diff of several files. */
export function compareFiles(deps: CompareTwoDeps): Command {
  return async (argument, selection) => {
    const chosen = await choosePairOf(deps, argument, selection, l10n.t('Compare the Files of Which Two?'));
    if (chosen === undefined) return undefined;
    const { comparison, places, left, right } = chosen;
    const files = toSides(comparison.files, ...places);
    const names = [left.name, right.name] as const;
    const title = l10n.t('Files: {0} ↔ {1}', ...names);
    const hidden = await deps.compareEditor.showFiles(title, names, files);
    const sentences = [...tellFiles(files, hidden, names), ...comparison.notes];
    if (sentences.length > 0) deps.dialogs.inform(sentences.join(' '));
    return left.session.id;
  };
}

/** Two of those that are compared: of more, the two that are worth a look first stand on top, with the reason. */
async function choosePairOf(
  deps: CompareTwoDeps,
  argument: unknown,
  selection: unknown,
  title: string,
): Promise<ChosenPair | undefined> {
  const comparison = await readCompared(deps, argument, selection);
  if (comparison === undefined) return undefined;
  const { sessions, pair } = comparison;
  const places =
    sessions.length === 2
      ? ([pair.left, pair.right] as const)
      : await deps.dialogs.pickOne(title, offerPairs(comparison));
  if (places === undefined) return undefined;
  const [left, right] = [sessions[places[0]], sessions[places[1]]];
  return left && right && { comparison, places, left, right };
}

function offerPairs({ sessions, pair }: Comparison) {
  const ranked = rankSessions(sessions);
  const pairs = ranked.flatMap((one, index) =>
    ranked.slice(index + 1).map((other) => [Math.min(one, other), Math.max(one, other)] as const),
  );
  return pairs.map((places) => {
    const two = places.flatMap((place) => sessions[place] ?? []);
    const isFirst = places[0] === pair.left && places[1] === pair.right;
    return {
      label: two.map(({ name }) => name).join(' ↔ '),
      description: two.map(({ changes }) => formatFigure(changes)).join(' ↔ '),
      ...(isFirst && { detail: pair.reason }),
      icon: 'diff',
      value: places,
    };
  });
}

/** What is to be said beside what is shown. */
function tellFiles(
  files: readonly FileSides[],
  hidden: readonly FileSides[],
  [left, right]: readonly [string, string],
): readonly string[] {
  if (files.length === 0) {
    return [
      l10n.t('Neither “{0}” nor “{1}” changed a file, as far as OpenCode kept a record of it.', left, right),
    ];
  }
  const same = files.filter(({ relation }) => relation === 'same');
  return [
    ...(same.length === 0 ? [] : [l10n.t('The same in both: {0}.', nameFiles(same))]),
    ...(hidden.length === 0
      ? []
      : [
          l10n.t(
            'Not shown, since the text that one of them left is not known, is no text or too large: {0}.',
            nameFiles(hidden),
          ),
        ]),
  ];
}

function nameFiles(files: readonly FileSides[]): string {
  const names = files
    .slice(0, named)
    .map(({ path }) => fileName(path))
    .join(', ');
  const more = files.length - named;
  return more > 0 ? l10n.t('{0} and {1} more', names, more) : names;
}
