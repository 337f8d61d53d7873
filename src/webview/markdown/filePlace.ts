/** A place in a file, as a text names it. */
export interface FilePlace {
  readonly path: string;
  /** The first one, from 1 on. */
  readonly line?: number;
}

/** A place with where it stands in its text. */
interface FoundPlace extends FilePlace {
  readonly start: number;
  readonly end: number;
}

/** Lines of a file as people, compilers and hosts of code write them: `:3:5`, `:10-20`, `#L3-L9`, `(3,5)`. */
const lines = String.raw`(?::L?|#L?)(\d{1,9})(?:(?:[,:–-]L?|C)\d{1,9})*|\(L?(\d{1,9})(?:[,:–-]\d{1,9})*\)`;
const withLines = new RegExp(String.raw`^(.+?)(?:${lines})$`, 's');
const linesBehind = new RegExp(lines, 'y');

/** Endings of files that are known without a folder, or with a path that looks like something else. */
const known = new Set(
  (
    'astro c cc cjs cpp cs css csv cts cxx dart ex exs go gradle graphql h hpp hs html ini ipynb java jl js json ' +
    'jsonc jsx kt kts less lock lua md mdx mjs mts php prisma proto ps1 py pyi rb rs sass scala scss sh sql svelte ' +
    'svg swift tf toml ts tsx txt vue xml yaml yml zig'
  ).split(' '),
);
/** Names of files that have no ending, and of those that begin with a point. */
const named =
  'Brewfile Containerfile Dockerfile Gemfile Jenkinsfile Justfile Makefile GNUmakefile Procfile Rakefile Vagrantfile ' +
  'justfile makefile .bashrc .dockerignore .editorconfig .env .eslintrc .gitattributes .gitignore .gitmodules ' +
  '.npmignore .npmrc .nvmrc .prettierignore .prettierrc .zshrc';
const namedFile = new RegExp(`^(?:${named.replaceAll('.', '[.]').replaceAll(' ', '|')})$`);
const namedStart = new RegExp(`${namedFile.source.slice(1, -1)}(?![a-z])`);

/** Whether a file is called so, although nothing else says that it is one. */
export const isNamedFile = (name: string): boolean => namedFile.test(name);

/** More than paths of files have: what a text costs grows with its length only. */
const longestPath = 400;

/** A letter that is written without spaces, or glued to words of another script. */
export const gluedLetter =
  /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const glued = gluedLetter.source.slice(2, -1);
/** Words of such a script, and pictures as a tick, that stand before a path without a space. */
const gluedBefore = new RegExp(String.raw`^(?:[${glued}]+(?=[A-Za-z])|[\p{So}\ufe0f])+`, 'u');
const gluedBehind = new RegExp(String.raw`^[^${glued}([{]+`, 'u');
const ending = new RegExp(String.raw`\.([A-Za-z][A-Za-z0-9]{0,9})(?=$|[${glued}([{])`, 'uy');

/** Paths with all that may stand around them; spaces and quotes are no part of one. */
const run = /[\p{L}\p{M}\p{N}\p{So}\ufe0f\w.@+~$%&=!^/\\()[\]{}:;,?#*–-]+/gu;
const usualSegment = /^[\p{L}\p{M}\p{N}\w.@+~-]+$/u;
const segmentCharacters = /^[^\s<>"'`|*?:](?:[^<>"'`|*?:\t\n]*[^\s<>"'`|*?:])?$/;
const drive = /^[A-Za-z]:(?=[\\/])/;
const openers = '([{';
const closers = ')]}';

/** `text`, which is known to name a file, as its path and the line. */
export function splitPlace(text: string): FilePlace {
  const [, path, line, alone] = text.length > longestPath ? [] : (withLines.exec(text) ?? []);
  return path === undefined ? { path: text } : toPlace(path, line ?? alone);
}

function toPlace(path: string, line: string | undefined): FilePlace {
  return line === undefined ? { path } : { path, line: Number(line) };
}

/** The place that `text` names, if it is nothing but one; `isWindows`: backslashes stand between folders. */
export function parseFilePlace(text: string, isWindows = false): FilePlace | undefined {
  const place = splitPlace(text);
  if (!mayHaveSpaces(place.path)) return undefined;
  return pathLength(place.path, true, isWindows) === place.path.length ? place : undefined;
}

/** A command with its arguments is no path: one with spaces begins with a folder, and no word before the last is a file. */
function mayHaveSpaces(path: string): boolean {
  if (!path.includes(' ')) return true;
  const words = path.split(' ');
  const [first = ''] = words;
  const isWord = (word: string): boolean => word !== '' && !/^[-&;=]|\.[a-z]\w{0,4}$/i.test(word);
  return /[\\/]/.test(first) && words.slice(0, -1).every(isWord);
}

/** The places in running text; `isTouched`: something stands right before it. A path is found whole, or not at all. */
export function findPlaces(text: string, isTouched = false, isWindows = false): readonly FoundPlace[] {
  const found: FoundPlace[] = [];
  for (const { index, 0: written } of text.matchAll(run)) {
    if (!written.includes('.') && !namedStart.test(written)) continue;
    const before = index > 0 ? text[index - 1] : undefined;
    // An apostrophe.
    const isInWord = /['’]/.test(before ?? '') && /[\p{L}\p{N}]/u.test(text[index - 2] ?? '');
    if (isInWord || (index === 0 && isTouched)) continue;
    for (const [start, end] of splitAtBrackets(written)) {
      found.push(...placesIn(written.slice(start, end), index + start, isWindows));
    }
  }
  return found;
}

/**
 * The pieces between brackets that are no part of a path: those that have no other half, or hold more than a name. A piece
 * that goes on behind its brackets with a slash is left out.
 */
function splitAtBrackets(text: string): readonly (readonly [number, number])[] {
  const cuts: number[] = [];
  const open: { readonly at: number; holdsMore: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const top = open.at(-1);
    if (openers.includes(character)) open.push({ at, holdsMore: false });
    else if (closers.includes(character)) {
      const isPair = top !== undefined && openers.indexOf(text.charAt(top.at)) === closers.indexOf(character);
      if (isPair) open.pop();
      if (!isPair) cuts.push(at);
      else if (top.holdsMore) {
        cuts.push(top.at, at);
        const around = open.at(-1);
        if (around) around.holdsMore = true;
      }
    } else if (top && /[\\/:]/.test(character)) top.holdsMore = true;
  }
  cuts.push(...open.map(({ at }) => at));
  cuts.sort((one, other) => one - other);
  const bounds = [-1, ...cuts, text.length];
  return bounds.slice(1).flatMap((end, piece): [number, number][] => {
    const start = (bounds[piece] ?? -1) + 1;
    const isPart =
      isSlash(text[start - 2]) ||
      (start > 0 && closers.includes(text.charAt(start - 1)) && isSlash(text[start])) ||
      isSlash(text[end + 1]);
    return start === end || isPart ? [] : [[start, end]];
  });
}

const isSlash = (character: string | undefined): boolean => character === '/' || character === '\\';

/** The places of a list that is written without spaces. */
function placesIn(text: string, offset: number, isWindows: boolean): readonly FoundPlace[] {
  const found: FoundPlace[] = [];
  let at = 0;
  for (;;) {
    at += beforePath(text.slice(at, at + longestPath));
    const place = placeAt(text.slice(at, at + 2 * longestPath), isWindows);
    if (place === undefined) return found;
    found.push({ ...place, start: offset + at, end: offset + at + place.end });
    at += place.end;
    if (!/[,;]/.test(text.charAt(at))) return found;
    at += 1;
  }
}

/** How much of `text` stands before a path: marks, words of another script, the name of an option. */
function beforePath(text: string): number {
  const marks = /^[*,;!&^]*/.exec(text)?.[0].length ?? 0;
  const words = gluedBefore.exec(text.slice(marks))?.[0].length ?? 0;
  const option = /^-{0,2}[\w-]{1,60}=/.exec(text.slice(marks + words))?.[0].length ?? 0;
  return marks + words + option;
}

function placeAt(text: string, isWindows: boolean): Omit<FoundPlace, 'start'> | undefined {
  const stop = endOfPath(text);
  const trimmed = /[^\p{L}\p{M}\p{N}/\\)\]}]{0,9}$/u.exec(text.slice(0, stop))?.index ?? stop;
  const length = pathLength(text.slice(0, trimmed), false, isWindows);
  // More of a path that cannot be read.
  if (length === undefined || text[stop] === '*') return undefined;
  linesBehind.lastIndex = length;
  const match = linesBehind.exec(text);
  const line = match && !/\w/.test(text.charAt(linesBehind.lastIndex)) ? (match[1] ?? match[2]) : undefined;
  const path = text.slice(0, length);
  if (line === undefined && !/[\\/]/.test(path)) return undefined;
  return { ...toPlace(path, line), end: length + (line === undefined ? 0 : (match?.[0].length ?? 0)) };
}

/** Where what cannot stand in a path begins, but for what stands in brackets. */
function endOfPath(text: string): number {
  let depth = 0;
  for (let at = drive.test(text) ? 2 : 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (openers.includes(character)) depth += 1;
    else if (closers.includes(character)) depth -= 1;
    else if (depth === 0 && ':;,?#*'.includes(character)) return at;
  }
  return text.length;
}

/**
 * How much of `text` is the path of a file; undefined: it is none, or too long. A `whole` text may be a bare name, and
 * nothing may stand behind it.
 */
function pathLength(text: string, isWhole: boolean, isWindows: boolean): number | undefined {
  const root = drive.exec(text)?.[0] ?? '';
  const isSplitByBoth = isWindows || root !== '';
  // One that begins with a backslash is on another machine.
  if (text.length > longestPath || text.startsWith('\\') || (!isSplitByBoth && text.includes('\\'))) {
    return undefined;
  }
  const segments = text.slice(root.length).split(isSplitByBoth ? /[\\/]/ : '/');
  const name = segments.pop() ?? '';
  const [file, end = ''] = readFileName(name);
  if (file === undefined) return undefined;
  if (isWhole && file !== name) return undefined;
  // A path that begins at the root of the disk has an empty segment before its first folder.
  const folders = segments[0] === '' ? segments.slice(1) : segments;
  const isBare = folders.length === 0 && root === '';
  if (isBare && segments.length > 0) return undefined;
  const all = [...folders, file];
  const isPlain = !isBare && end.length > 1 && all.every((segment) => usualSegment.test(segment));
  const isNamed = isNamedFile(file) && !folders.some(isNamedFile);
  const isPath = all.every(isSegment) && (isNamed || isPlain || known.has(end.toLowerCase()));
  return isPath ? text.length - name.length + file.length : undefined;
}

/** The name of a file with which a text begins, and its ending, if it has one; words of another script may stand behind it. */
function readFileName(text: string): readonly [file?: string, ending?: string] {
  const alone = gluedBehind.exec(text)?.[0] ?? '';
  if (isNamedFile(alone)) return [alone];
  const dot = text.lastIndexOf('.');
  ending.lastIndex = dot;
  const end = dot > 0 ? ending.exec(text) : null;
  return end?.[1] === undefined ? [] : [text.slice(0, end.index + end[0].length), end[1]];
}

function isSegment(segment: string): boolean {
  if (segment === '..' || segment === '.') return true;
  return segmentCharacters.test(segment) && /[^.]/.test(segment) && splitAtBrackets(segment).length === 1;
}
