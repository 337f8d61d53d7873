import { fileName, withoutSlash } from '../filePath.ts';
import { splitSlash } from './typedText.ts';
import { withSlashes } from '../withSlashes.ts';
import type { Attachment } from '../../protocol/page/composer.ts';
import type { FilePart } from '../ports/openCode.ts';

/** What a person typed into the composer, as what it is meant to be. */
export type TypedPrompt =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly arguments: string }
  | { readonly kind: 'shell'; readonly command: string };

/**
 * `!` runs a shell command and `/name` one of `commands`; a slash before anything else is an ordinary text. So is all
 * that stands behind a blank: that one blank is how it was typed, and not sent.
 */
export function readTypedPrompt(text: string, commands: readonly { readonly name: string }[]): TypedPrompt {
  if (/^!\s*\S/.test(text)) return { kind: 'shell', command: text.slice(1).trim() };
  const call = splitSlash(text);
  if (call !== undefined && commands.some(({ name }) => name === call.name)) {
    return { kind: 'command', name: call.name, arguments: call.rest };
  }
  return { kind: 'prompt', text: /^ +[!/]/.test(text) ? text.slice(1) : text };
}

/** Something written behind an `@`: an agent, or a file with the lines meant (`@src/a.ts#10-20`). */
export interface Mention {
  readonly name: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

const linesAtEnd = /^(.*?)(?:#L?(\d+)(?:-L?(\d+))?)?$/;
const mention = /(?:^|[\s([{"'])@(?:"([^"\n]+)"(#[L\d-]+)?|([^\s"'`<>]+))/g;

/** The mentions in a text, each once. What they name is not looked up. */
export function findMentions(text: string): readonly Mention[] {
  return [...new Map(locateMentions(text).map(({ key, mention }) => [key, mention])).values()];
}

export interface LocatedMention {
  readonly mention: Mention;
  /** The same for the same mention, however it is written. */
  readonly key: string;
  /** Where its word begins, and where it has ended. */
  readonly start: number;
  readonly end: number;
}

/** All mentions in a text, with where they stand. */
export function locateMentions(text: string): readonly LocatedMention[] {
  return [...text.matchAll(mention)].flatMap(
    ({ 0: found, 1: quoted, 2: behind = '', 3: plain = '', index }) => {
      const word = withoutPunctuation(plain);
      const [, written = '', first, last] = linesAtEnd.exec(quoted === undefined ? word : behind) ?? [];
      const name = quoted ?? written;
      if (name === '') return [];
      const start = index + found.indexOf('@');
      const end = quoted === undefined ? start + 1 + word.length : index + found.length;
      const lines = first === undefined ? {} : { startLine: Number(first), endLine: Number(last ?? first) };
      return [{ mention: { name, ...lines }, key: `${name}#${first}-${last}`, start, end }];
    },
  );
}

/** How a path is mentioned, in quotes where it would end too early without, with the lines meant. */
export function toMention(
  path: string,
  lines?: { readonly startLine: number; readonly endLine: number },
): string {
  const suffix = lines === undefined ? '' : `#${lines.startLine}-${lines.endLine}`;
  const [plain] = findMentions(`@${path}`);
  return plain?.name === path && plain.startLine === undefined ? `@${path}${suffix}` : `@"${path}"${suffix}`;
}

/** A word without what belongs to the sentence around it: points, and brackets that were not opened in it. */
function withoutPunctuation(word: string): string {
  const unopened = new Map(['()', '[]', '{}'].map((pair) => [pair.charAt(1), countUnopened(word, pair)]));
  let end = word.length;
  for (; end > 0; end--) {
    const last = word.charAt(end - 1);
    const left = unopened.get(last);
    if (left === undefined ? !/[.,;:!?]/.test(last) : left <= 0) break;
    if (left !== undefined) unopened.set(last, left - 1);
  }
  return word.slice(0, end);
}

/** How many more brackets of the pair the word closes than it opens. */
function countUnopened(word: string, pair: string): number {
  return word.split(pair.charAt(1)).length - word.split(pair.charAt(0)).length;
}

/** A file as the server reads it into a prompt: by its URL, with the lines that are meant. */
export function toFilePart(
  path: string,
  {
    startLine,
    endLine,
    mime = mimeOf(path),
  }: {
    readonly startLine?: number | undefined;
    readonly endLine?: number | undefined;
    readonly mime?: string;
  } = {},
): FilePart {
  const query = startLine === undefined ? '' : `?start=${startLine}&end=${endLine ?? startLine}`;
  return {
    type: 'file',
    mime,
    filename: fileName(path),
    url: `${toFileUrl(path)}${query}`,
  };
}

/** A folder, of which the server reads the names of its files into the prompt. */
export function toFolderPart(path: string): FilePart {
  return toFilePart(withoutSlash(path), { mime: 'application/x-directory' });
}

/** What an attachment is called: `a.ts`, `a.ts:3` or `a.ts:3–9`. */
export function attachmentName(attachment: Attachment): string {
  if (attachment.kind === 'data') return attachment.filename;
  const { path, startLine, endLine } = attachment;
  const name = fileName(path);
  if (startLine === undefined) return name;
  return endLine === undefined || endLine === startLine
    ? `${name}:${startLine}`
    : `${name}:${startLine}–${endLine}`;
}

/** An attachment as a part; the path of a file must be absolute. */
export function toAttachmentPart(attachment: Attachment): FilePart {
  if (attachment.kind === 'file') return toFilePart(attachment.path, attachment);
  const { mime, filename, url } = attachment;
  return { type: 'file', mime, filename, url };
}

function toFileUrl(path: string): string {
  const encoded = withSlashes(path).split('/').map(encodeSegment).join('/');
  if (path.startsWith('\\\\')) return `file:${encoded}`;
  return encoded.startsWith('/') ? `file://${encoded}` : `file:///${encoded}`;
}

/** The path in a file's address, which names the machine of a share of Windows; undefined for one of something else. */
export function fromFileUrl(url: string): string | undefined {
  const [, machine, encoded] = /^file:\/\/([^/?#]*)([^?#]*)/.exec(url) ?? [];
  if (machine === undefined || encoded === undefined) return undefined;
  return machine === ''
    ? decodePath(encoded)
    : `//${decodePath(`${machine}${encoded}`)}`.replaceAll('/', '\\');
}

/**
 * The path of an address; as it is written, where its escapes are no UTF-8. A drive of Windows has a slash in front of
 * it in an address, and none in a path.
 */
export function decodePath(encoded: string): string {
  try {
    return decodeURIComponent(encoded).replace(/^\/(?=[a-z]:\/)/i, '');
  } catch {
    return encoded;
  }
}

function encodeSegment(segment: string): string {
  return /^[a-z]:$/i.test(segment) ? segment : encodeURIComponent(segment);
}

const mimes: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  webp: 'image/webp',
};

/** Everything but what models take as an image or a document is read as text. */
function mimeOf(path: string): string {
  return mimes[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'text/plain';
}
