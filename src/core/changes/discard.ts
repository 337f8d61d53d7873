import { Problem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { fileName } from '../filePath.ts';
import type { ChangedFile } from './changedFile.ts';
import { linkMode } from './patchHeader.ts';

/** What is put back in one file; null: no file is there. */
export interface PutBack {
  readonly path: string;
  /** What the session left. */
  readonly left: string | null;
  readonly back: string | null;
  /** The mode that it had, as git counts modes; absent: that is not known. */
  readonly mode?: number;
}

/** What a person is told of a file, and of where it lies. */
export function nameOf({ path }: Pick<ChangedFile, 'path'>): string {
  return fileName(path);
}

/** How a change is taken back; throws a sentence where nobody knows what stood there. */
export function planDiscard(change: ChangedFile): readonly PutBack[] {
  const { path, from, before, after } = change;
  if (before === undefined || after === undefined) throw new Problem(whyNot(change));
  // Letters that the server could not read stand there as this one.
  if (`${before ?? ''}${after ?? ''}`.includes('\uFFFD'))
    throw new Problem(whyNot({ ...change, lacks: 'binary' }));
  if (change.mode === linkMode) {
    throw new Problem(l10n.t('{0} is a link, which is not taken back from here.', nameOf(change)));
  }
  const mode = change.mode === undefined ? {} : { mode: change.mode };
  if (from === undefined) return [{ path, left: after, back: before, ...mode }];
  return [
    { path: from, left: null, back: before, ...mode },
    { path, left: after, back: null },
  ];
}

const byteOrderMark = '\uFEFF';

/**
 * The text that is put back where `current` stands: `undefined` where that is not what the session left. A server may
 * leave out the byte order mark, which stays.
 */
export function findBack(
  { left, back }: PutBack,
  current: string | null,
): { readonly back: string | null } | undefined {
  if (current === left) return { back };
  const isMarked = current?.startsWith(byteOrderMark) === true && current.slice(1) === left;
  return isMarked ? { back: back === null ? null : `${byteOrderMark}${back}` } : undefined;
}

function whyNot({ lacks, told, path }: ChangedFile): string {
  const name = nameOf({ path });
  if (lacks === 'binary') {
    return l10n.t(
      '{0} is no text, and OpenCode does not give its former bytes back for it alone. “Revert to Message…” takes back whole turns.',
      name,
    );
  }
  if (lacks === 'mode') return l10n.t('Of {0} only the mode changed, not the text.', name);
  if (told) {
    return l10n.t(
      'OpenCode kept no snapshot of {0}: what is known of the change is what the agent told. Source control may take it back.',
      name,
    );
  }
  return l10n.t(
    'The change of {0} is too large to be taken back from here. “Revert to Message…” takes back whole turns.',
    name,
  );
}
