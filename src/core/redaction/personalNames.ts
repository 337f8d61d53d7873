import type { FoundSecret } from '../ports/secretFinder.ts';

export interface Person {
  /** Absolute paths of folders that are the person's own, as their system writes them. */
  readonly homes: readonly string[];
  /** Their name in the system. */
  readonly user: string;
}

/** Names that say nothing of who it is, or are words of every text. */
const common = new Set(
  'root user admin administrator guest default node vscode code codespace coder dev developer ubuntu debian runner home test build agent app web www-data'.split(
    ' ',
  ),
);

const shortestName = 3;

/** Folders and the name of a person wherever they stand in a text, in the forms that paths have. */
export function findPerson({ homes, user }: Person): (text: string) => readonly FoundSecret[] {
  const paths = [...new Set(homes.map((home) => home.replace(/(?<![/\\])[/\\]+$/, '')))].filter(isOwn);
  const home = paths.length === 0 ? undefined : new RegExp(paths.map(pathPattern).join('|'), 'gi');
  const isTelling = user.length >= shortestName && !common.has(user.toLowerCase());
  const name = isTelling
    ? new RegExp(String.raw`(?<![\p{L}\p{N}_])${escape(user)}(?![\p{L}\p{N}_])`, 'giu')
    : undefined;
  return (text) => [
    ...find(text, home, { rule: 'home directory', stand: '~' }),
    ...find(text, name, { rule: 'user name', stand: '[user]' }),
  ];
}

/** The folder of a person that a path leads through, on any system. */
export function homeWithin(path: string): string | undefined {
  return /^(?:[A-Za-z]:)?[/\\](?:home|Users)[/\\](?!Shared\b|Public\b)[^/\\]+/.exec(path)?.[0];
}

/** A home that is a root, or one of its folders, says nothing of a person: `/root`, `/`. */
function isOwn(home: string): boolean {
  return home.split(/[/\\]/).filter((name) => name !== '' && !/^[a-z]:$/i.test(name)).length > 1;
}

/** Not the beginning of another name: `/home/ann` within `/home/anna`. Slashes may be either, doubled, or written out. */
function pathPattern(home: string): string {
  const names = home.split(/[/\\]+/).map((name) => escape(name).replaceAll(' ', '(?: |%20)'));
  const drive = /^[a-z]:$/i.test(names[0] ?? '') ? String.raw`(?<![A-Za-z0-9])` : String.raw`(?<![\w.~-])`;
  const first = names[0] === '' ? '' : drive + (names[0] ?? '').replace(':', '(?::|%3A)');
  const rest = names.slice(1).join(String.raw`(?:/|\\{1,4}|%2F|%5C)`);
  return String.raw`${first}(?:/|\\{1,4}|%2F|%5C)${rest}(?![\w-]|\.\w)`;
}

function find(
  text: string,
  pattern: RegExp | undefined,
  found: Pick<FoundSecret, 'rule' | 'stand'>,
): readonly FoundSecret[] {
  if (pattern === undefined) return [];
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    ...found,
  }));
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
