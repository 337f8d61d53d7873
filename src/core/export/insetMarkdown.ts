import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { fenceOf } from '../backticks.ts';

const parser = makeParser();

/** Raw HTML is read, as whoever shows the text may do so; words are not. */
function makeParser() {
  const markdown = new MarkdownIt({ html: true, linkify: false, maxNesting: 20 });
  markdown.core.ruler.enableOnly(['normalize', 'block']);
  return markdown;
}

const lowest = 6;
/** So many blocks are closed, one after the other, until a text counts as one that cannot be. */
const closings = 8;

/**
 * What somebody wrote in Markdown, as a piece of a larger text: its uppermost heading is one of `level`, and what
 * it leaves open (a code block, a comment) ends with it, so that all that follows is read as it is meant.
 */
export function insetMarkdown(text: string, level: number): string {
  const closed = closeBlocks(text.toWellFormed().replaceAll(/\r\n?/g, '\n').trim());
  return lowerHeadings(closed, level);
}

/** Without these signs no block stays open, and nothing is a heading: most texts need not be read. */
const opening = /[`~<]/;
const heading = /[#=]|-\s*$/m;

function closeBlocks(text: string): string {
  if (!opening.test(text)) return text;
  let closed = text;
  for (let count = 0; count < closings; count++) {
    const open = openBlock(closed);
    if (open === undefined) return closed;
    if (open.type === 'fence') return `${closed}\n${open.markup}`;
    closed = escapeBegin(closed, open);
  }
  // Whatever it is: no fence that is longer than all in it is ended by it.
  const marks = fenceOf(text);
  return `${marks}\n${text}\n${marks}`;
}

/** The block that would take up what comes after the text. */
function openBlock(text: string): Token | undefined {
  const after = 'x';
  const tokens = parser.parse(`${text}\n\n${after}`, {});
  const isApart = tokens.at(-2)?.content === after && tokens.at(-1)?.level === 0;
  return isApart ? undefined : tokens.findLast(({ level, map }) => level === 0 && map !== null);
}

/** Raw HTML that does not end is text. */
function escapeBegin(text: string, { map }: Token): string {
  const lines = text.split('\n');
  const at = map?.[0] ?? 0;
  lines[at] = (lines[at] ?? '').replace('<', String.raw`\<`);
  return lines.join('\n');
}

function lowerHeadings(text: string, level: number): string {
  if (!heading.test(text)) return text;
  const headings = parser.parse(text, {}).filter(({ type }) => type === 'heading_open');
  const uppermost = Math.min(lowest, ...headings.map(rankOf));
  if (uppermost >= level) return text;
  const lines: (string | undefined)[] = text.split('\n');
  for (const heading of headings) {
    const rank = Math.min(lowest, rankOf(heading) + level - uppermost);
    lowerHeading(lines, heading, '#'.repeat(rank));
  }
  return lines.filter((line) => line !== undefined).join('\n');
}

const rankOf = ({ tag }: Token): number => Number(tag.slice(1));

/** One that is underlined gets marks instead; in a quote or a list, where it shares its lines, it stays. */
function lowerHeading(lines: (string | undefined)[], { map, markup, level }: Token, marks: string): void {
  const [start, end] = map ?? [0, 0];
  if (markup.startsWith('#')) {
    lines[start] = lines[start]?.replace(/#{1,6}(?=\s|$)/, marks);
  } else if (level === 0) {
    const words = lines.slice(start, end - 1).map((line) => line?.trim() ?? '');
    lines.fill(undefined, start, end);
    lines[start] = `${marks} ${words.join(' ')}`;
  }
}
