import { plainLabel } from './plainText.ts';

/** The most characters of a title that a row of terminals shows anyway. */
const longest = 60;

/** A session's title as the name of a terminal: a model wrote it perhaps. */
export function terminalName(title: string): string {
  const characters = Array.from(title.trim().replaceAll(/\s+/g, ' '));
  const line = characters.slice(0, longest).join('');
  return plainLabel(characters.length > longest ? `${line}…` : line);
}
