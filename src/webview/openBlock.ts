import { parseInline, type References, type Token } from './markdown.ts';
import { blockNodes, inlineNodes } from './markdownNodes.ts';
import { childBehind, patchChildren } from './patchNodes.ts';

/**
 * The one block that still grows at the end of a streamed text, once it is long: what in it can no longer
 * change stays in the document, and only its tail is parsed and rendered again. Lists give up items, tables
 * rows, paragraphs sentences.
 */
export interface OpenBlock {
  /** Where the settled children are and the growing ones go. */
  readonly container: Node;
  /** The last child of `container` that is settled. */
  readonly settled: ChildNode | null;
  /** Goes before the tail when it is parsed: the head of a table. */
  readonly prefix: string;
  /** The text that is settled, needed again if the block turns out to be something else. */
  readonly source: string;
  /** The children of `container` that the tail makes, or undefined if the block is no longer what it was. */
  growing(tokens: readonly Token[], tail: string): readonly Node[] | undefined;
}

/** What a split hands back: the block without its settled part, and the tail that remains to be parsed. */
export interface Split {
  readonly block: OpenBlock;
  readonly tail: string;
}

/** Below this length a block is parsed whole with each delta. */
export const longBlock = 800;
const keptOpen = 200;

/** The tokens of the first block at the top level. */
export function firstBlock(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((token) => token.level === 0 && token.nesting <= 0);
  return tokens.slice(0, end + 1);
}

/**
 * Settles what can be settled of the block that `text` is, which stands in the document as `node`.
 * `tokens` are those of `text` up to its last complete line.
 */
export function splitBlock(
  text: string,
  tokens: readonly Token[],
  node: Node,
  before: OpenBlock | undefined,
  references: References,
): Split | undefined {
  const first = tokens[0];
  switch (first?.type) {
    case 'bullet_list_open':
    case 'ordered_list_open':
      return splitList(text, tokens, node, before);
    case 'table_open':
      return splitTable(text, tokens, node, before);
    case 'paragraph_open':
      return splitParagraph(text, node, before, references);
    default:
      return undefined;
  }
}

function splitList(
  text: string,
  tokens: readonly Token[],
  list: Node,
  before: OpenBlock | undefined,
): Split | undefined {
  const opening = tokens[0];
  const items = tokens.filter((token) => token.type === 'list_item_open' && token.level === 1);
  const cut = items.at(-2)?.map?.[0];
  const isLoose = looseness(tokens, text);
  if (!opening || items.length < 3 || cut === undefined || isLoose === undefined) return undefined;
  const at = lineOffset(text, cut);
  const settled = childBehind(list, before?.settled ?? null, items.length - 2);
  const { type, markup } = opening;
  const wasLoose = (before as ListBlock | undefined)?.isLoose === true || isLoose;
  const block: ListBlock = {
    container: list,
    settled,
    prefix: '',
    source: (before?.source ?? '') + text.slice(0, at),
    isLoose: wasLoose,
    growing: (next, tail) => growingItems(next, tail, type, markup, wasLoose),
  };
  return { block, tail: text.slice(at) };
}

interface ListBlock extends OpenBlock {
  /** Whether the settled items were rendered with paragraphs. */
  readonly isLoose: boolean;
}

function growingItems(
  tokens: readonly Token[],
  tail: string,
  type: string,
  markup: string,
  isLoose: boolean,
): readonly Node[] | undefined {
  const opening = tokens[0];
  if (opening?.type !== type || opening.markup !== markup) return undefined;
  if (isLoose) loosen(tokens);
  // A blank line makes the whole list loose, also the items that are settled.
  else if (looseness(tokens, tail) !== false) return undefined;
  return [...(blockNodes(tokens)[0]?.childNodes ?? [])];
}

/** Whether the items hold paragraphs; undefined if the tokens do not tell. */
function looseness(tokens: readonly Token[], text: string): boolean | undefined {
  const paragraph = tokens.find((token) => token.type === 'paragraph_open' && token.level === 2);
  if (paragraph) return !paragraph.hidden;
  return /\n[ \t]*\n/.test(text) ? undefined : false;
}

function loosen(tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.level === 2 && token.type.startsWith('paragraph_')) token.hidden = false;
  }
}

function splitTable(
  text: string,
  tokens: readonly Token[],
  table: Node,
  before: OpenBlock | undefined,
): Split | undefined {
  const body = table instanceof HTMLElement ? (table.querySelector('tbody') ?? table) : undefined;
  const rows = tokens.filter((token) => token.type === 'tr_open' && (token.map?.[0] ?? 0) >= 2);
  const cut = rows.at(-2)?.map?.[0];
  if (!body || rows.length < 3 || cut === undefined) return undefined;
  const at = lineOffset(text, cut);
  const prefix = before?.prefix ?? text.slice(0, lineOffset(text, 2));
  const settledSource = before ? before.source + text.slice(prefix.length, at) : text.slice(0, at);
  const block: OpenBlock = {
    container: body,
    settled: childBehind(body, before?.settled ?? null, rows.length - 2),
    prefix,
    source: settledSource,
    growing: growingRows,
  };
  return { block, tail: text.slice(at) };
}

function growingRows(tokens: readonly Token[]): readonly Node[] | undefined {
  if (tokens[0]?.type !== 'table_open') return undefined;
  const [table] = blockNodes(tokens);
  return table instanceof HTMLElement ? [...(table.querySelector('tbody')?.childNodes ?? [])] : [];
}

function splitParagraph(
  text: string,
  paragraph: Node,
  before: OpenBlock | undefined,
  references: References,
): Split | undefined {
  const at = settledLength(text, references);
  if (at === undefined) return undefined;
  if (before === undefined && text.startsWith('[')) return undefined;
  const from = before?.settled ?? null;
  const settledNodes = inlineNodes(parseInline(text.slice(0, at), references));
  patchChildren(paragraph, from, settledNodes);
  const block: OpenBlock = {
    container: paragraph,
    settled: childBehind(paragraph, from, settledNodes.length),
    prefix: '',
    source: (before?.source ?? '') + text.slice(0, at),
    growing: growingText,
  };
  return { block, tail: text.slice(at) };
}

function growingText(tokens: readonly Token[]): readonly Node[] | undefined {
  if (tokens[0]?.type !== 'paragraph_open') return undefined;
  return inlineNodes(tokens[1]?.children ?? []);
}

/** Where a paragraph can be cut so that nothing after the cut can change how the text before it reads. */
function settledLength(text: string, references: References): number | undefined {
  for (const share of [1, 0.6, 0.3]) {
    const at = wordStart(text, Math.floor((text.length - keptOpen) * share));
    if (at !== undefined && isSettled(text.slice(0, at), references)) return at;
  }
  return undefined;
}

/** The last start of a word before `limit`, in a line that cannot become the head of a table. */
function wordStart(text: string, limit: number): number | undefined {
  for (let at = limit; at > 1 && limit - at < 200; at -= 1) {
    const isWord = text[at - 1] === ' ' && text[at - 2]?.trim() !== '' && /[A-Za-z]/.test(text[at] ?? '');
    if (isWord) return lineAround(text, at).includes('|') ? undefined : at;
  }
  return undefined;
}

function lineAround(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? text.length : end);
}

const opener = /[*~](?!\s)|(?<![A-Za-z0-9])_(?!\s)|`|\]\(/;

/** Whether `text` holds nothing that waits for its other half: emphasis, code, a bracket. */
function isSettled(text: string, references: References): boolean {
  let open = 0;
  for (const token of parseInline(text, references)) {
    if (token.type !== 'text') continue;
    if (opener.test(token.content)) return false;
    for (const character of token.content) {
      if (character === '[') open += 1;
      else if (character === ']') open -= 1;
    }
  }
  return open <= 0;
}

/** Where line `line` of `text` begins. */
export function lineOffset(text: string, line: number): number {
  let at = 0;
  for (let passed = 0; passed < line; passed += 1) at = text.indexOf('\n', at) + 1;
  return at;
}
