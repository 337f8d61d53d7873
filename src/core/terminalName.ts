import { l10n } from './l10n.ts';
import { plainLabel } from './plainText.ts';

/** The most characters of a title that a row of terminals shows anyway. */
const longest = 60;

/** What the terminal of a session is called, by the session's title: a model wrote it perhaps. */
export function terminalName(title: string): string {
  const characters = Array.from(title.trim().replaceAll(/\s+/g, ' '));
  const line = characters.slice(0, longest).join('');
  return l10n.t('OpenCode: {0}', plainLabel(characters.length > longest ? `${line}…` : line));
}
