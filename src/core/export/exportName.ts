import { shorten } from '../continuation/shorten.ts';
import { l10n } from '../l10n.ts';
import { isUnnamed } from '../sessions/unnamed.ts';

/** Three bytes each at most: a name has 255 of them. */
const titleLength = 70;

/** What some system refuses in a name or reads as something else, and what turns the words around it. */
const refused = /[\p{Cc}\p{Cs}/\\:*?"<>|#%\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The devices of Windows, whatever ending is put behind them. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d|com[¹²³]|lpt[¹²³])(?:\.|$)/i;

/** A file name for a session of this title, without its ending, that every system takes. */
export function exportName(title: string): string {
  if (isUnnamed(title)) return l10n.t('OpenCode session');
  const safe = shorten(title.replaceAll(refused, ' '), titleLength).replaceAll(
    /^[.\s~-]+|(?<![.\s])[.\s]+$/g,
    '',
  );
  if (safe === '') return l10n.t('OpenCode session');
  return device.test(safe) ? `${l10n.t('Session')} ${safe}` : safe;
}
