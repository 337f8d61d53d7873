import type { ChangesFigure } from '../../protocol/page/header.ts';
import type { FileDiff } from '../../protocol/records.ts';
import { countFiles } from '../figures.ts';
import { l10n } from '../l10n.ts';
import type { ChangedFile } from './changedFile.ts';
import { readDiffs } from './changedTurn.ts';
import { foldChanges } from './foldChanges.ts';

/** How much files changed. `isPartial`: there is more that nobody here knows. */
export function toFigure(changes: readonly ChangedFile[], isPartial = false): ChangesFigure {
  const sum = (of: 'additions' | 'deletions'): number => changes.reduce((all, change) => all + change[of], 0);
  return {
    files: changes.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    ...(isPartial && { isPartial: true }),
    ...(changes.some(({ told }) => told) && { isTold: true }),
  };
}

/** How much a turn changed by the server's snapshots; undefined: nothing. */
export function turnFigure(diffs: readonly FileDiff[] = []): ChangesFigure | undefined {
  const statuses = new Set(diffs.map(({ status }) => status));
  // Only what came may be what went by another name, and to find that out the texts are read.
  const mayBeRenamed = statuses.has('added') && statuses.has('deleted');
  const changes = readDiffs({ directory: '/' }, mayBeRenamed ? diffs : diffs.map(withoutPatch));
  return changes.length === 0 ? undefined : toFigure(foldChanges([changes]));
}

function withoutPatch({ file, additions, deletions, status }: FileDiff): FileDiff {
  return { file, additions, deletions, status };
}

/** The lines alone, as a row says them. */
export function formatLines({
  additions,
  deletions,
  isPartial,
}: Pick<ChangesFigure, 'additions' | 'deletions' | 'isPartial'>): string {
  return atLeast(`+${additions} −${deletions}`, isPartial);
}

/** Files and lines. */
export function formatFigure(figure: ChangesFigure): string {
  const { isPartial, ...known } = figure;
  return atLeast(`${countFiles(known.files)} ${formatLines(known)}`, isPartial);
}

/** A figure beside which there is more that nobody here knows, as the context meter says it. */
function atLeast(words: string, isPartial: true | undefined): string {
  return isPartial === true ? `≥ ${words}` : words;
}

/** The figure as a screen reader says it. */
export function describeFigure({ files, additions, deletions, isPartial }: ChangesFigure): string {
  const added = additions === 1 ? l10n.t('1 line added') : l10n.t('{0} lines added', additions);
  return isPartial === true
    ? l10n.t('at least {0} changed, {1}, {2} removed', countFiles(files), added, deletions)
    : l10n.t('{0} changed, {1}, {2} removed', countFiles(files), added, deletions);
}
