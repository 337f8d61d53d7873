import type { ChangedFile } from '../../core/changes/changedFile.ts';
import { formatLines } from '../../core/changes/changesFigure.ts';
import { nameOf } from '../../core/changes/discard.ts';
import { toRelative } from '../../core/continuation/filesTouched.ts';
import { l10n } from '../../core/l10n.ts';

const icons = {
  added: 'diff-added',
  deleted: 'diff-removed',
  modified: 'diff-modified',
  renamed: 'diff-renamed',
} as const;

/** A change as a line of a list. */
export function describeChange({ directory }: { readonly directory: string }, change: ChangedFile) {
  const { path, from, status, lacks, told, mixed } = change;
  const words = [
    from === undefined ? nameStatus(status) : l10n.t('renamed from {0}', toRelative(from, directory)),
    lacks === 'binary' ? l10n.t('no text') : undefined,
    lacks === 'mode' ? l10n.t('mode only') : undefined,
    lacks === 'large' ? l10n.t('too large to be shown') : undefined,
    told && l10n.t('as the agent told'),
    mixed && l10n.t('with changes of others between its turns'),
  ];
  return {
    label: nameOf({ path }),
    description: `${formatLines(change)} · ${words.filter((word) => typeof word === 'string').join(', ')}`,
    detail: toRelative(path, directory),
    icon: icons[status],
  };
}

function nameStatus(status: ChangedFile['status']): string {
  switch (status) {
    case 'added':
      return l10n.t('added');
    case 'deleted':
      return l10n.t('deleted');
    default:
      return l10n.t('modified');
  }
}
