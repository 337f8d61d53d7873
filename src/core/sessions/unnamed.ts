import { plainLine } from '../plainText.ts';

/** How the server calls a session that it has not named yet, and a fork of one (1.18). */
const given = /^(?<name>(?:New|Child) session) - \d{4}-\d\d-\d\dT[\d:.]+Z(?<fork> \(fork #\d+\))?$/;

/** Characters of a prompt that stand in for a title. */
const length = 80;

/** Whether the server has not named the session yet, so that its first prompt says best which one it is. */
export function isUnnamed(title: string): boolean {
  return title.trim() === '' || given.test(title);
}

/** A title without the time that the server puts into one that it made up. */
export function withoutTime(title: string): string {
  const { name, fork = '' } = given.exec(title)?.groups ?? {};
  return name === undefined ? title : `${name}${fork}`;
}

/** What an unnamed session is called by its first prompt: its first words, and that it is a fork. */
export function nameByPrompt(title: string, prompt: string): string {
  return `${firstWords(plainLine(prompt))}${given.exec(title)?.groups?.['fork'] ?? ''}`;
}

function firstWords(line: string): string {
  if (line.length <= length) return line;
  const cut = line.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  // Half of a character is never left behind.
  return `${(space > length / 2 ? cut.slice(0, space) : Array.from(cut).slice(0, -1).join('')).trimEnd()}…`;
}
