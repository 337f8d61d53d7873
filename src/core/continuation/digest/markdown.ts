import MarkdownIt from 'markdown-it';
import type { Env, Token } from 'markdown-it';
import { readableText } from './readableText.ts';

/** The blocks of a text in Markdown. Words are plain: of their marks only those of code stay. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | Paragraph
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: 'code'; readonly language: string; readonly lines: number }
  | Table
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] };

export interface Paragraph {
  readonly kind: 'paragraph';
  /** As they were broken in the source, which often means something in what a model writes. */
  readonly lines: readonly Line[];
}

export interface Line {
  readonly text: string;
  /** What stands in bold at its beginning; empty if nothing does. */
  readonly strong: string;
}

export interface ListItem {
  /** Whether its box is ticked; undefined: it has none. */
  readonly ticked: boolean | undefined;
  readonly blocks: readonly Block[];
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** The first ones. */
  readonly rows: readonly (readonly string[])[];
  readonly rowCount: number;
}

/** Rows of a table that are read. */
const rowLimit = 12;
/** Characters of a paragraph, a cell or a heading that are read for their marks. */
const inlineLimit = 6000;

const parser = makeParser();

/** Raw HTML stays text, addresses stay as they are and nothing is made a link: what is read is said, never shown. */
function makeParser() {
  const markdown = new MarkdownIt({ html: false, linkify: false, maxNesting: 20 });
  markdown.validateLink = () => true;
  markdown.normalizeLink = (address) => address;
  markdown.normalizeLinkText = (address) => address;
  // Words are read one block at a time, and only of the blocks that are said.
  markdown.core.ruler.enableOnly(['normalize', 'block']);
  return markdown;
}

/** Reads Markdown into its blocks. Text that is too long to be said is read at its beginning and its end. */
export function readMarkdown(text: string): readonly Block[] {
  const environment: Env = {};
  const tokens = parser.parse(readableText(text), environment);
  return new Reading(tokens, environment).blocks();
}

/** One walk over the tokens of a text. */
class Reading {
  readonly #tokens: readonly Token[];
  readonly #environment: Env;
  #at = 0;

  constructor(tokens: readonly Token[], environment: Env) {
    this.#tokens = tokens;
    this.#environment = environment;
  }

  /** The blocks up to the end of what surrounds them. */
  blocks(): readonly Block[] {
    const blocks: Block[] = [];
    for (let token = this.#next(); token !== undefined && token.nesting !== -1; token = this.#next()) {
      const block = this.#block(token);
      if (block !== undefined) blocks.push(block);
    }
    return blocks;
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #block(token: Token): Block | undefined {
    switch (token.type) {
      case 'heading_open': {
        const text = this.#lines()
          .map((line) => line.text)
          .join(' ');
        return text === '' ? undefined : { kind: 'heading', level: Number(token.tag.slice(1)), text };
      }
      case 'paragraph_open': {
        const lines = this.#lines();
        return lines.length === 0 ? undefined : { kind: 'paragraph', lines };
      }
      case 'bullet_list_open':
      case 'ordered_list_open':
        return { kind: 'list', ordered: token.type === 'ordered_list_open', items: this.#items() };
      case 'blockquote_open':
        return { kind: 'quote', blocks: this.blocks() };
      case 'table_open':
        return this.#table();
      case 'fence':
      case 'code_block':
        return {
          kind: 'code',
          language: /^[\w+#-]{1,20}/.exec(token.info.trim())?.[0] ?? '',
          lines: token.content.trimEnd().split('\n').length,
        };
      default:
        return undefined;
    }
  }

  /** The words of a heading or a paragraph, to its end. */
  #lines(): readonly Line[] {
    const content = this.#next()?.content ?? '';
    this.#next();
    return readLines(content, this.#environment);
  }

  #items(): readonly ListItem[] {
    const items: ListItem[] = [];
    for (let token = this.#next(); token?.type === 'list_item_open'; token = this.#next()) {
      items.push(toItem(this.blocks()));
    }
    return items;
  }

  #table(): Table {
    let rowCount = -1;
    const rows: string[][] = [];
    for (
      let token = this.#next();
      token !== undefined && token.type !== 'table_close';
      token = this.#next()
    ) {
      if (token.type === 'tr_open') {
        rowCount += 1;
        if (rowCount <= rowLimit) rows.push([]);
      }
      if (token.type !== 'inline' || rowCount > rowLimit) continue;
      const words = readLines(token.content, this.#environment).map((line) => line.text);
      rows.at(-1)?.push(words.join(' '));
    }
    const [columns = [], ...shown] = rows;
    return { kind: 'table', columns, rows: shown, rowCount };
  }
}

/** A box at the beginning of an item is no word of it. */
function toItem(blocks: readonly Block[]): ListItem {
  const [first, ...others] = blocks;
  const [line, ...lines] = first?.kind === 'paragraph' ? first.lines : [];
  const box = /^\[([ xX])\] /.exec(line?.text ?? '');
  if (line === undefined || box === null) return { ticked: undefined, blocks };
  const text = line.text.slice(box[0].length);
  return {
    ticked: box[1] !== ' ',
    blocks: [{ kind: 'paragraph', lines: [{ ...line, text }, ...lines] }, ...others],
  };
}

function readLines(content: string, environment: Env): readonly Line[] {
  const tokens = inlineTokens(content, environment);
  const lines: { text: string; strong: string }[] = [{ text: '', strong: '' }];
  let strong = 0;
  for (const token of tokens) {
    const line = lines.at(-1);
    if (token.type === 'softbreak' || token.type === 'hardbreak') lines.push({ text: '', strong: '' });
    if (token.type === 'strong_open') strong += 1;
    if (token.type === 'strong_close') strong -= 1;
    const words = wordsOf(token);
    if (line === undefined || words === '') continue;
    if (strong > 0 && line.text === line.strong) line.strong += words;
    line.text += words;
  }
  return lines
    .map(({ text, strong: bold }) => ({ text: oneLine(text), strong: oneLine(bold) }))
    .filter(({ text }) => text !== '');
}

/** The block rules alone are on in the parser's core, so what is inline is asked for by itself. */
function inlineTokens(content: string, environment: Env): readonly Token[] {
  const tokens: Token[] = [];
  parser.inline.parse(content.slice(0, inlineLimit), parser, environment, tokens);
  return tokens;
}

/** Tags that people write into Markdown for their looks. */
const tag =
  /<\/?(?:a|b|br|center|code|details|div|em|h[1-6]|hr|i|img|kbd|li|ol|p|pre|samp|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|var)(?:[ /][^<>]{0,300})?>/gi;

/** What a fold is called that people open: a heading of a kind. */
const fold = /<summary>[^<>]{0,300}<\/summary>/gi;

function wordsOf({ type, content }: Token): string {
  switch (type) {
    case 'text':
      // What is left of marks means nothing, and would mean something else beside other words.
      return content
        .replaceAll(fold, ' ')
        .replaceAll(tag, ' ')
        .replaceAll(/\*\*|__(?=\s|$)|~~/g, '')
        .replaceAll(/`+/g, "'");
    case 'text_special':
      return content === '`' ? "'" : content;
    case 'code_inline':
      return content.includes('`') ? content.replaceAll('`', "'") : `\`${content}\``;
    case 'image':
      return content === '' ? '[picture]' : `[picture: ${content}]`;
    default:
      return '';
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
