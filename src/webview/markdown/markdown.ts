import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { detailsRule, tagRule } from './htmlTags.ts';
import { lineOffset } from './lines.ts';
import { toAddress, toReadable } from './linkAddress.ts';

export type { Token };

/** Link reference definitions by label, in markdown-it's own shape. */
export type References = Record<string, { readonly title: string; readonly href: string }>;

/** Raw HTML stays text but for a few tags; where a link leads, and whether it is one, is seen to when it is shown (`linkTarget.ts`). */
const parser = new MarkdownIt({ html: false, linkify: false, breaks: false });
parser.validateLink = () => true;
parser.normalizeLink = toAddress;
parser.normalizeLinkText = toReadable;
parser.inline.ruler.after('autolink', 'tags', tagRule);
parser.block.ruler.before('heading', 'details', detailsRule, {
  alt: ['paragraph', 'reference', 'blockquote', 'list'],
});

/** The block tokens of `text`; definitions that it holds are added to `references`. */
export function parseBlocks(text: string, references: References): Token[] {
  return parser.parse(text, { references });
}

/** The inline tokens of one line of running text. */
export function parseInline(text: string, references: References): Token[] {
  return parser.parseInline(text, { references })[0]?.children ?? [];
}

/** The tokens of the first block at the top level. */
export function firstBlock(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((token) => token.level === 0 && token.nesting <= 0);
  return tokens.slice(0, end + 1);
}

/** Whether a block begins where it does whatever comes: its first line is complete, the first two of a table. */
export function isBegun({ type, map }: Token, text: string): boolean {
  const line = (map?.[0] ?? 0) + (type === 'table_open' ? 1 : 0);
  return text.includes('\n', lineOffset(text, line));
}
