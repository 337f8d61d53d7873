import { l10n } from '../l10n.ts';

/** So many of several are named. */
const shown = 5;

/** Several sessions by their names, in one piece of a sentence. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, shown).map((name) => l10n.t('“{0}”', name));
  const more = names.length - shown;
  return [...listed, ...(more > 0 ? [l10n.t('{0} more', more)] : [])].join(', ');
}
