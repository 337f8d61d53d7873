import type { Session } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { cutMiddle, plainLine } from '../plainText.ts';

/** How the server calls a session that it has not named yet, and a fork of one (1.18). */
const given = /^(?<name>(?:New|Child) session) - \d{4}-\d\d-\d\dT[\d:.]+Z(?<fork> \(fork #\d+\))?$/;

/** Characters of a title that are shown at most. */
const titleLength = 200;
/** Characters of a prompt that stand in for a title. */
const promptLength = 80;

/** Whether the server has not named the session yet, so that its first prompt says best which one it is. */
export function isUnnamed(title: string): boolean {
  return title.trim() === '' || given.test(title);
}

/**
 * What people know a session by, in a plain line, since a model wrote its title perhaps: before the server has named it,
 * its first prompt, where that is known, and else what the server made up, without the time in that.
 */
export function nameSession({ title }: Pick<Session, 'title'>, firstPrompt: string | undefined): string {
  if (firstPrompt !== undefined && firstPrompt.trim() !== '' && isUnnamed(title)) {
    return nameByPrompt(title, firstPrompt);
  }
  const shown = cutMiddle(plainLine(withoutTime(title)), titleLength);
  return shown === '' ? l10n.t('Untitled session') : shown;
}

function withoutTime(title: string): string {
  const { name, fork = '' } = given.exec(title)?.groups ?? {};
  return name === undefined ? title : `${name}${fork}`;
}

/** The first words of its prompt, and that it is a fork. */
function nameByPrompt(title: string, prompt: string): string {
  return `${firstWords(plainLine(prompt))}${given.exec(title)?.groups?.['fork'] ?? ''}`;
}

function firstWords(line: string): string {
  if (line.length <= promptLength) return line;
  const cut = line.slice(0, promptLength - 1);
  const space = cut.lastIndexOf(' ');
  // Half of a character is never left behind.
  return `${(space > promptLength / 2 ? cut.slice(0, space) : Array.from(cut).slice(0, -1).join('')).trimEnd()}…`;
}
