import { element } from '../dom/element.ts';
import { isWebLink } from './markdown.ts';

/** A place in a file, as a text names it. */
export interface FilePlace {
  readonly path: string;
  readonly line?: number;
}

const extension = String.raw`[A-Za-z][A-Za-z0-9]{0,9}`;
// Bounded, and never begun inside of another: what a text costs grows with its length only.
const segment = String.raw`[\w.@+~-]{1,120}`;
const place = String.raw`(?::(\d+)(?::\d+)?|#L(\d+)(?:-L?\d+)?)?`;
const withFolder = String.raw`(?:\/|\.{1,2}\/)?(?:${segment}\/){1,40}${segment}\.${extension}`;
const knownExtension =
  'ts|tsx|js|jsx|mjs|cjs|json|jsonc|md|py|rs|go|java|kt|c|h|cc|cpp|hpp|cs|rb|php|sh|yml|yaml|toml|css|scss|html|sql|vue|svelte|swift|txt|xml|lock|ini|env';
const bareName = String.raw`${segment}\.(?:${knownExtension})`;

const wholePath = new RegExp(String.raw`^(${withFolder}|${bareName})${place}$`);
const linksInText = new RegExp(
  String.raw`(https?:\/\/[^\s<>"'\`|]+)|(?<![\w/.@:\\+~-])(${withFolder}|${bareName}(?=:\d))${place}(?![\w/])`,
  'g',
);
const trailingPunctuation = /(?<![.,;:!?)\]}*_])[.,;:!?)\]}*_]+$/;

/** The place that `text` names, if it is nothing but a path of a file. */
export function parseFilePlace(text: string): FilePlace | undefined {
  if (text.length > 300 || text.includes('..../')) return undefined;
  const match = wholePath.exec(text);
  return match?.[1] === undefined ? undefined : toPlace(match[1], match[2] ?? match[3]);
}

function toPlace(path: string, line: string | undefined): FilePlace {
  return line === undefined ? { path } : { path, line: Number(line) };
}

/** A link that opens a file of the workspace; the page's one click listener acts on it. */
export function fileLink(target: FilePlace, ...children: readonly (Node | string)[]): HTMLAnchorElement {
  const where = target.line === undefined ? target.path : `${target.path}:${target.line}`;
  return element(
    'a',
    { href: '#', class: 'file-link', 'data-path': target.path, 'data-line': target.line, title: where },
    ...children,
  );
}

/** A link to the web; the host opens it, the page itself never goes anywhere. */
export function webLink(url: string, ...children: readonly (Node | string)[]): HTMLAnchorElement {
  return element('a', { href: url, rel: 'noreferrer', title: url }, ...children);
}

/** `text` as nodes, with its web addresses and paths of files as links. */
export function linkedText(text: string): (Node | string)[] {
  if (!text.includes('/') && !text.includes(':')) return [text];
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(linksInText)) {
    const [whole, url, path, line, hashLine] = match;
    const shown = url === undefined ? whole : trimUrl(url);
    if (match.index > end) nodes.push(text.slice(end, match.index));
    nodes.push(
      url === undefined ? fileLink(toPlace(path ?? whole, line ?? hashLine), shown) : detected(shown),
    );
    end = match.index + shown.length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

function detected(url: string): Node | string {
  return isWebLink(url) && URL.canParse(url) ? webLink(url, url) : url;
}

/** Without the punctuation of the sentence around it; a closing bracket stays where the address opens one. */
function trimUrl(url: string): string {
  const trimmed = url.replace(trailingPunctuation, '');
  return trimmed.includes('(') && url.charAt(trimmed.length) === ')' ? `${trimmed})` : trimmed;
}
