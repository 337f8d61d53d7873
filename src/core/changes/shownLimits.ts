import { fileName } from '../filePath.ts';
import { l10n } from '../l10n.ts';

/** The most files in one editor, and the most characters of their texts. The editor gives none above 50 MB (1.139). */
export const shownLimits = { files: 300, characters: 20_000_000 };

/** As many as an editor takes at once, by the characters of each, and the others. */
export function chooseShown<T>(
  all: readonly T[],
  charactersOf: (one: T) => number,
): { readonly shown: readonly T[]; readonly left: readonly T[] } {
  const shown: T[] = [];
  const left: T[] = [];
  let characters = 0;
  for (const one of all) {
    const size = charactersOf(one);
    const fits = shown.length < shownLimits.files && characters + size <= shownLimits.characters;
    (fits ? shown : left).push(one);
    if (fits) characters += size;
  }
  return { shown, left };
}

export function describeTooLarge(path: string): string {
  return l10n.t('The change of {0} is too large to be shown.', fileName(path));
}
