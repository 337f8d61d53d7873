import type { PartEntry } from '../../protocol/page/entries.ts';
import { l10n } from '../l10n.ts';
import { fileName } from '../filePath.ts';
import { plainWords, showUnseen } from '../plainText.ts';

/** Stands for the part of a match, where that is in what ended its message badly. */
export const errorPartId = 'error';

/** The line in which a reader sees a part; `''` for one that has another form, or that only a screen reader tells. */
export function noteText(part: PartEntry): string {
  return plainWords(wordsOf(part));
}

function wordsOf(part: PartEntry): string {
  switch (part.type) {
    case 'agent':
      return l10n.t('Addressed to {0}', part.name);
    case 'retry':
      return l10n.t('Attempt {0} failed: {1}', part.attempt, part.message);
    case 'compaction':
      return part.auto ? l10n.t('Compacted by itself: the context was full') : l10n.t('Compacted');
    case 'patch':
      return part.files.length === 1
        ? l10n.t('1 file changed:')
        : l10n.t('{0} files changed:', part.files.length);
    case 'subtask':
      return l10n.t('Task for {0}: {1}', part.agent, part.description || part.prompt);
    case 'unknown':
      return l10n.t('A part of the type “{0}”, which this version does not know', part.originalType);
    default:
      return '';
  }
}

/** The names of the files of a patch, which stand behind its line. */
export function namesOf(part: PartEntry): readonly string[] {
  return part.type === 'patch' ? part.files.map((file) => showUnseen(fileName(file))) : [];
}
