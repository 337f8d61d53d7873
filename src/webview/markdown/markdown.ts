import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { isInlineImage } from '../../core/entries/inlineImage.ts';
import { toAddress, toReadable } from './linkAddress.ts';

export type { Token };

/** Link reference definitions by label, in markdown-it's own shape. */
export type References = Record<string, { readonly title: string; readonly href: string }>;

/** Raw HTML stays text, and so does a link that leads anywhere but to the web or into the workspace. */
const parser = new MarkdownIt({ html: false, linkify: false, breaks: false });
parser.validateLink = isSafeDestination;
parser.normalizeLink = toAddress;
parser.normalizeLinkText = toReadable;

const webLink = /^https?:\/\//i;
const fileUrl = /^file:\/\/\//i;
const scheme = /^[a-z][a-z0-9+.-]*:/i;

/** Whether a link may lead to `url`: a page on the web, a file, a picture that it contains itself. */
export function isSafeDestination(url: string): boolean {
  const destination = url.trim();
  if (webLink.test(destination) || isInlineImage(destination) || fileUrl.test(destination)) return true;
  return !scheme.test(destination) && !destination.startsWith('//') && !destination.includes('\\');
}

/** Whether a destination is a page on the web. */
export const isWebLink = (url: string): boolean => webLink.test(url);

/** The block tokens of `text`; definitions that it holds are added to `references`. */
export function parseBlocks(text: string, references: References): Token[] {
  return parser.parse(text, { references });
}

/** The inline tokens of one line of running text. */
export function parseInline(text: string, references: References): Token[] {
  return parser.parseInline(text, { references })[0]?.children ?? [];
}
