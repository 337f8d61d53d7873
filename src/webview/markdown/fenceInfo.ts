import { type FilePlace, parseFilePlace } from './filePlace.ts';

/** What stands behind a fence, as it is meant. */
interface FenceInfo {
  /** In lower case; `''` where none is named. */
  readonly language: string;
  /** What the code is called, and the place where it stands, if that is a file. */
  readonly title?: string;
  readonly place?: FilePlace;
}

/** What is longer is no name of a language, nor a path. */
const longestInfo = 300;
const attribute = /(?<![\w-])([\w-]{1,40})=(?:"([^"]{0,300})"|'([^']{0,300})'|([^\s{}"',]{1,300}))/g;
const titles = new Set(['title', 'filename', 'file', 'path', 'name', 'caption']);
/** Lines of a file as some editors have them cited: `12:40:src/cart.ts`. */
const cited = /^(\d{1,9}):(\d{1,9}):(.+)$/;
const versioned = /^(python|py|php|html|css|lua|perl|ruby|bash|java|node)[\d.]+$/;

/** Reads the info of a fence: `ts`, `ts title="a.ts"`, `ts:src/a.ts`, `src/a.ts`, `12:40:src/a.ts`, `{.python title=a.py}`. */
export function readFenceInfo(info: string): FenceInfo {
  if (info.length > longestInfo) return { language: '' };
  const [first = '', ...others] = info
    .replaceAll(attribute, ' ')
    .split(/[\s{},]+/)
    .filter((word) => /[a-z]/i.test(word) && !word.startsWith('#'));
  const named = readNamed(info);
  // A path may have spaces.
  const [, lines, last, path] = citation(info.trim()) ?? cited.exec(first) ?? [];
  const word = path === undefined ? first : `${path}:${lines}-${last}`;
  const own = readWord(word);
  const behind = own.title === undefined ? others.find((other) => parseFilePlace(other)) : undefined;
  const title = named.title ?? own.title ?? behind;
  const language = own.language || named.language || endingOf(title ?? '');
  if (title === undefined) return { language };
  const place = parseFilePlace(title);
  return { language, title, ...(place && { place }) };
}

function citation(info: string): RegExpExecArray | null {
  const match = cited.exec(info);
  return match?.[3] !== undefined && parseFilePlace(match[3]) ? match : null;
}

/** What is named with its name, as `title="a.ts"`. */
function readNamed(info: string): { readonly title: string | undefined; readonly language: string } {
  let title: string | undefined;
  let language = '';
  for (const [, key = '', quoted, single, bare] of info.matchAll(attribute)) {
    const value = (quoted ?? single ?? bare ?? '').trim();
    if (titles.has(key.toLowerCase()) && value !== '') title ??= value;
    else if (/^lang(?:uage)?$/i.test(key)) language = toLanguage(value);
  }
  return { title, language };
}

/** A language, a path, or both with a colon between. */
function readWord(word: string): { readonly language: string; readonly title?: string } {
  const [, language = '', path = ''] = /^([a-z][a-z0-9+#-]+):(.+)$/i.exec(word) ?? [];
  if (parseFilePlace(path)) return { language: toLanguage(language), title: path };
  if (parseFilePlace(word)) return { language: endingOf(word), title: word };
  return { language: toLanguage(word) };
}

/** What stands before the name of a language: `language-ts`, `.ts`, and of media types, `text/x-python`. */
const beforeName = /^(?:language-|lang-|\.|(?:text|application)\/(?:x-)?)/;
/** A change of code in a language, as `diff-ts`. */
const changed = /^(diff)-[a-z]+$/;

function toLanguage(word: string): string {
  const name = word.toLowerCase().replace(beforeName, '');
  // No language is called like a place.
  if (/[/:]/.test(name)) return '';
  return (versioned.exec(name) ?? changed.exec(name))?.[1] ?? name;
}

function endingOf(title: string): string {
  const path = parseFilePlace(title)?.path;
  return path === undefined ? '' : path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}
