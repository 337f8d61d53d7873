import { isInlineImage } from '../../core/entries/inlineImage.ts';
import { type FilePlace, isNamedFile, splitPlace } from './filePlace.ts';

/** Where a link or a picture of a text may lead: to the web, to a file, to a picture that the text contains itself. */
type LinkTarget =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly place: FilePlace }
  | { readonly kind: 'picture'; readonly source: string };

const fileUrl = /^file:\/\/(?=\/)/i;
const scheme = /^[a-z][a-z0-9+.-]*:/i;
const drive = /^[a-z]:[\\/]/i;
/** A place within the page, which has none, or on another machine. */
const elsewhere = /^(?:[?#]|\/\/|\\|$)/;

/** Whether a destination is a page on the web. */
export const isWebLink = (url: string): boolean => /^https?:\/\//i.test(url);

/** Where `url`, as a text writes it, may lead; undefined: nowhere. */
export function linkTarget(written: string): LinkTarget | undefined {
  const url = written.trim();
  if (isWebLink(url)) return { kind: 'web', url };
  if (isInlineImage(url)) return { kind: 'picture', source: url };
  // `/C:/code/a.ts` is how an address names a drive.
  const bare = decode(url.replace(fileUrl, '').replace(/[?#].*$/s, '')).replace(/^\/(?=[a-z]:\/)/i, '');
  if (elsewhere.test(bare)) return undefined;
  const hash = /#.*$/s.exec(url)?.[0] ?? '';
  const behindHash = splitPlace(bare + hash);
  const place = behindHash.line === undefined ? splitPlace(bare) : behindHash;
  return isFile(bare, place) ? { kind: 'file', place } : undefined;
}

/** The colon in `a.ts:3` and in `C:\\a.ts` makes no scheme. */
function isFile(bare: string, { path, line }: FilePlace): boolean {
  if (drive.test(bare) || !scheme.test(bare)) return true;
  return line !== undefined && (path.includes('.') || isNamedFile(path)) && !path.includes(':');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone percent sign is no escape; the path is meant as it stands.
    return path;
  }
}
