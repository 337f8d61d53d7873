import { l10n } from '../l10n.ts';

/**
 * A pattern of paths, as a person writes it in settings: `*` within a name, `**` over folders, `?`, `[a-z]`, `{a,b}`. It is
 * matched in time that grows with the lengths of both alone: a pattern of a repository cannot hold the editor up.
 */
export interface Glob {
  readonly text: string;
  /** Its alternatives, each by the names between slashes. */
  readonly alternatives: readonly (readonly Segment[])[];
}

type Segment = 'folders' | readonly Token[];

type Token =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'many' }
  | {
      readonly kind: 'class';
      readonly isNot: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** Characters of a pattern, and alternatives of it, at most. */
const textLimit = 300;
const alternativeLimit = 50;

/** Reads a pattern; a text is a sentence about what is wrong with it. */
export function parseGlob(text: string): Glob | string {
  if (text.trim() === '') return l10n.t('The pattern is empty. “**” stands for everything.');
  if (text.length > textLimit) return l10n.t('The pattern is longer than {0} characters.', textLimit);
  const expanded = expandBraces(text.replaceAll('\\', '/').replace(/^\.\//, ''));
  if (typeof expanded === 'string') return expanded;
  const alternatives: Segment[][] = [];
  for (const one of expanded) {
    if (one.split('/').some((name) => name === '.' || name === '..')) {
      return l10n.t('No path has “.” or “..” in it, so the pattern would mean none.');
    }
    const segments = parseSegments(one);
    if (typeof segments === 'string') return segments;
    alternatives.push(segments);
  }
  return { text, alternatives };
}

/**
 * Whether a path with slashes is meant. A pattern that begins with neither a slash nor a drive is matched with the end of the
 * path: `services/*` means `/work/shop/services/api`.
 */
export function matchesPath(glob: Glob, path: string): boolean {
  return recall(pathAnswers, glob, path, matchPath);
}

function matchPath({ alternatives }: Glob, path: string): boolean {
  const names = path.replaceAll('\\', '/').replace(/\/$/, '').split('/');
  return alternatives.some((segments) => {
    const [first, ...others] = segments;
    // The editor and the server write the letter of a drive in either way.
    if (isDrive(first))
      return matchText({ alternatives: [[first]] }, names[0] ?? '') && matchSegments(others, names.slice(1));
    return matchSegments(isEmpty(first) ? segments : ['folders', ...segments], names);
  });
}

/** Whether a name or a title is meant, in any letters; slashes are letters there. */
export function matchesText(glob: Glob, text: string): boolean {
  return recall(textAnswers, glob, text, matchText);
}

function matchText({ alternatives }: Pick<Glob, 'alternatives'>, text: string): boolean {
  const letters = Array.from(text.toLowerCase());
  return alternatives.some((segments) => {
    const tokens = segments.flatMap((segment, index): Token[] => [
      ...(index === 0 ? [] : [{ kind: 'letter', letter: '/' } as const]),
      ...(segment === 'folders' ? [{ kind: 'many' } as const] : segment.map(inSmall)),
    ]);
    return matchTokens(tokens, letters);
  });
}

type Answers = WeakMap<Glob, Map<string, boolean>>;

/** Folders, titles and tools are asked about with each event, and are seldom others: so many answers of a pattern are kept. */
const answerLimit = 50;
const pathAnswers: Answers = new WeakMap();
const textAnswers: Answers = new WeakMap();

function recall(
  answers: Answers,
  glob: Glob,
  text: string,
  match: (glob: Glob, text: string) => boolean,
): boolean {
  const own = answers.get(glob) ?? new Map<string, boolean>();
  const known = own.get(text);
  if (known !== undefined) return known;
  const answer = match(glob, text);
  const [first] = own.keys();
  if (own.size >= answerLimit && first !== undefined) own.delete(first);
  answers.set(glob, own.set(text, answer));
  return answer;
}

function inSmall(token: Token): Token {
  return token.kind === 'letter' ? { ...token, letter: token.letter.toLowerCase() } : token;
}

/** All that a pattern with braces stands for; braces within braces are none. */
function expandBraces(text: string): readonly string[] | string {
  let expanded = [''];
  let at = 0;
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (letter === '}') return l10n.t('The pattern has a “}” without its “{”.');
    if (letter !== '{') {
      expanded = expanded.map((one) => one + letter);
      at += 1;
      continue;
    }
    const end = text.indexOf('}', at);
    if (end === -1) return l10n.t('The pattern has a “{” without its “}”.');
    const inner = text.slice(at + 1, end);
    if (inner.includes('{')) return l10n.t('Braces within braces are not known in a pattern.');
    expanded = expanded.flatMap((one) => inner.split(',').map((choice) => one + choice));
    if (expanded.length > alternativeLimit) {
      return l10n.t('The pattern stands for more than {0} others.', alternativeLimit);
    }
    at = end + 1;
  }
  return expanded;
}

function parseSegments(text: string): Segment[] | string {
  const segments: Segment[] = [];
  for (const name of text.replace(/(?<!^)\/$/, '').split('/')) {
    const segment = name === '**' ? 'folders' : parseTokens(name);
    if (typeof segment === 'string' && segment !== 'folders') return segment;
    if (segment !== 'folders' || segments.at(-1) !== 'folders') segments.push(segment);
  }
  return segments;
}

function parseTokens(name: string): Token[] | string {
  const tokens: Token[] = [];
  const letters = Array.from(name);
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? '';
    if (letter === '*') {
      if (tokens.at(-1)?.kind !== 'many') tokens.push({ kind: 'many' });
    } else if (letter === '?') tokens.push({ kind: 'any' });
    else if (letter === '[') {
      const end = letters.indexOf(']', at + 2);
      if (end === -1) return l10n.t('The pattern has a “[” without its “]”.');
      tokens.push(parseClass(letters.slice(at + 1, end)));
      at = end;
    } else tokens.push({ kind: 'letter', letter });
  }
  return tokens;
}

function parseClass(letters: readonly string[]): Token {
  const isNot = letters[0] === '!' || letters[0] === '^';
  const listed = isNot ? letters.slice(1) : letters;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < listed.length; at += 1) {
    const from = listed[at] ?? '';
    const isRange = listed[at + 1] === '-' && at + 2 < listed.length;
    ranges.push([from, isRange ? (listed[at + 2] ?? from) : from]);
    if (isRange) at += 2;
  }
  return { kind: 'class', isNot, ranges };
}

function isEmpty(segment: Segment | undefined): boolean {
  return segment !== undefined && segment !== 'folders' && segment.length === 0;
}

function isDrive(segment: Segment | undefined): segment is readonly Token[] {
  if (segment === undefined || segment === 'folders' || segment.length !== 2) return false;
  const [, colon] = segment;
  return colon?.kind === 'letter' && colon.letter === ':';
}

/** Row by row: which beginnings of the path the segments read so far can stand for. */
function matchSegments(segments: readonly Segment[], names: readonly string[]): boolean {
  let reached = Array.from({ length: names.length + 1 }, (_, at) => at === 0);
  for (const segment of segments) {
    const next = reached.map(() => false);
    let isBefore = false;
    for (let at = 0; at <= names.length; at += 1) {
      isBefore ||= reached[at] === true;
      if (segment === 'folders') next[at] = isBefore;
      else if (at > 0 && reached[at - 1] === true)
        next[at] = matchTokens(segment, Array.from(names[at - 1] ?? ''));
    }
    reached = next;
  }
  return reached[names.length] === true;
}

function matchTokens(tokens: readonly Token[], letters: readonly string[]): boolean {
  let reached = Array.from({ length: letters.length + 1 }, (_, at) => at === 0);
  for (const token of tokens) {
    const next = reached.map(() => false);
    let isBefore = false;
    for (let at = 0; at <= letters.length; at += 1) {
      isBefore ||= reached[at] === true;
      if (token.kind === 'many') next[at] = isBefore;
      else if (at > 0 && reached[at - 1] === true) next[at] = suits(token, letters[at - 1] ?? '');
    }
    reached = next;
  }
  return reached[letters.length] === true;
}

function suits(token: Exclude<Token, { kind: 'many' }>, letter: string): boolean {
  if (token.kind === 'any') return true;
  if (token.kind === 'letter') return token.letter === letter;
  return token.ranges.some(([from, to]) => from <= letter && letter <= to) !== token.isNot;
}
