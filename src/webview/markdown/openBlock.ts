import { closing, ContainerPath } from './containerPath.ts';
import { firstBlock, isBegun, parseInline, type References, type Token } from './markdown.ts';
import { lineAround, lineOffset } from './lines.ts';
import { limitRows } from './longTable.ts';
import { blockNodes, inlineNodes } from './markdownNodes.ts';
import { childBehind, patchChildren } from './patchNodes.ts';
import { settledLength } from './settledText.ts';

/**
 * The one block that still grows at the end of a streamed text, once it is long: what in it can no longer
 * change stays in the document, and only its tail is parsed and rendered again. Lists give up items, items and
 * quotes blocks, tables rows, paragraphs sentences, each within the other.
 */
export interface OpenBlock {
  /** What `container` holds: blocks or items, rows of a table, running text. */
  readonly holds: 'children' | 'rows' | 'text';
  /** The containers around the growing children. */
  readonly path: ContainerPath;
  /** What it was before the last container was entered. */
  readonly outer: OpenBlock | undefined;
  /** Where the settled children are and the growing ones go. */
  readonly container: Node;
  /** The last child of `container` that is settled. */
  readonly settled: ChildNode | null;
  /** Of a table: how many rows are shown beside those that are settled. */
  readonly room?: number;
  /** Goes before the tail when it is parsed. */
  readonly prefix: string;
  /** The text that was settled since `outer`, needed again if the block turns out to be something else. */
  readonly source: string;
  /** The children of `container` that the tail makes, or undefined if the block is no longer what it was. */
  growing(block: readonly Token[]): readonly Node[] | undefined;
}

/** What a split hands back: the block without its settled part, and the tail that remains to be parsed. */
export interface Split {
  readonly block: OpenBlock;
  readonly tail: string;
}

/** What is to be split. */
export interface Splittable {
  /** The prefix of `before` and the tail, or the complete lines of it. */
  readonly text: string;
  /** Of `text`, of which it is the only block. */
  readonly tokens: readonly Token[];
  /** Where the block is a child, behind `settled`. */
  readonly root: Node;
  readonly settled: ChildNode | null;
  readonly before: OpenBlock | undefined;
  readonly references: References;
  /** How many characters at the end of a text stay open. */
  readonly keptOpen: number;
  /** How many rows of a table are shown. */
  readonly rowLimit: number;
}

/** Settles what can be settled of a block. */
export function splitBlock(given: Splittable): Split | undefined {
  const { tokens, before } = given;
  if (firstBlock(tokens).length !== tokens.length) return undefined;
  const path = before?.path ?? ContainerPath.none;
  const content = path.content(tokens);
  const [first] = content ?? [];
  if (content === undefined || first === undefined) return undefined;
  const at = before
    ? { parent: before.container, behind: before.settled }
    : { parent: given.root, behind: given.settled };
  const place = { ...given, ...at, path, content };
  return first.type === 'list_item_open' ? splitItems(place) : splitBlocks(place);
}

/** Children of `parent`, behind `behind`, that `content` stands for. */
interface Place extends Splittable {
  readonly parent: Node;
  readonly behind: ChildNode | null;
  readonly path: ContainerPath;
  readonly content: readonly Token[];
}

/** Where in `content` its outermost tokens begin. */
function starts(content: readonly Token[]): number[] {
  const level = content[0]?.level;
  return content.flatMap((token, index) => (token.level === level && token.nesting >= 0 ? [index] : []));
}

function splitBlocks(place: Place): Split | undefined {
  const { content, path, parent, behind } = place;
  const last = starts(content).at(-1) ?? 0;
  if (last > 0) return cutBefore(place, content[last], blockNodes(content.slice(0, last)).length, path);
  const node = childBehind(parent, behind, 1);
  if (node === null) return undefined;
  switch (content[0]?.type) {
    case 'bullet_list_open':
    case 'ordered_list_open':
      return splitItems({ ...place, parent: node, behind: null, content: content.slice(1, -1) });
    case 'table_open':
      return splitTable(place, node);
    case 'paragraph_open':
      return splitParagraph(place);
    case 'blockquote_open': {
      const inside = { ...place, parent: node, behind: null, path: path.enter({ kind: 'quote' }) };
      return splitContainer({ ...inside, content: content.slice(1, -1) });
    }
    default:
      return undefined;
  }
}

/** `content` are the items of one list: the last two stay open; where there are no more, the last one is split. */
function splitItems(place: Place): Split | undefined {
  const { content, path, text, parent, behind } = place;
  const level = path.last?.kind === 'items' ? path.last : undefined;
  const isLoose = level?.isLoose ?? looseness(content, text);
  const items = starts(content);
  const outside = level ? path.outside : path;
  if (isLoose === undefined) return undefined;
  if (items.length >= 3) {
    const next = content[items.at(-2) ?? 0];
    const marker = markerOf(text, next, outside.lead);
    if (marker === undefined) return undefined;
    return cutBefore(place, next, items.length - 2, outside.enter({ kind: 'items', marker, isLoose }));
  }
  const last = items.at(-1) ?? 0;
  const marker = markerOf(text, content[last], outside.lead);
  const item = childBehind(parent, behind, items.length);
  if (marker === undefined || item === null) return undefined;
  return splitContainer({
    ...place,
    parent: item,
    behind: null,
    path: outside.enter({ kind: 'item', marker, isLoose }),
    content: content.slice(last + 1, closing(content, last)),
  });
}

/** `content` are the blocks of an item or a quote that is entered: all but the last one are settled. */
function splitContainer(place: Place): Split | undefined {
  const { content, path, parent } = place;
  const last = starts(content).at(-1);
  if (last === undefined) return undefined;
  if (last === 0) return content[0]?.type === 'paragraph_open' ? splitParagraph(place) : undefined;
  const box = isTaskBox(parent.firstChild) ? 1 : 0;
  return cutBefore(place, content[last], box + blockNodes(content.slice(0, last)).length, path);
}

/** Settles the first `count` children of the place; what begins with `next` stays open. */
function cutBefore(
  place: Place,
  next: Token | undefined,
  count: number,
  path: ContainerPath,
): Split | undefined {
  const { text, parent, behind, keptOpen, rowLimit } = place;
  if (!next?.map || count === 0) return undefined;
  const at = lineOffset(text, next.map[0]);
  // Of a text of one long line the beginning is sure, too.
  const isLong = next.type === 'paragraph_open' && text.length - at > keptOpen;
  if (!isLong && !isBegun(next, text)) return undefined;
  return toSplit(place, at, {
    holds: 'children',
    path,
    container: parent,
    settled: childBehind(parent, behind, count),
    prefix: path.prefix,
    growing: (block) => {
      const content = path.content(block);
      return content && blockNodes(content, rowLimit);
    },
  });
}

/** The block that remains when `text` is cut at `at`. */
function toSplit(
  { text, before }: Splittable,
  at: number,
  block: Omit<OpenBlock, 'outer' | 'source'>,
): Split | undefined {
  const cut = text.slice(before?.prefix.length ?? 0, at);
  if (cut === '') return undefined;
  const isSame = before?.container === block.container;
  const source = isSame ? before.source + cut : cut;
  const outer = isSame ? before.outer : before;
  return { block: { ...block, outer, source }, tail: text.slice(at) };
}

/** What the item of `token` begins with, where it is plain: spaces, a marker and the spaces behind it. */
function markerOf(text: string, token: Token | undefined, lead: string): string | undefined {
  if (!token?.map) return undefined;
  const line = lineAround(text, lineOffset(text, token.map[0]));
  if (!line.startsWith(lead)) return undefined;
  return /^ {0,3}(?:[-*+]|\d{1,9}[.)]) {1,4}(?=[^ \t])/.exec(line.slice(lead.length))?.[0];
}

/** Whether items hold paragraphs; undefined if the tokens do not tell. */
function looseness(items: readonly Token[], text: string): boolean | undefined {
  const level = (items[0]?.level ?? 0) + 1;
  const paragraph = items.find((token) => token.type === 'paragraph_open' && token.level === level);
  if (paragraph) return !paragraph.hidden;
  return /\n[ \t>]*\n/.test(text) ? undefined : false;
}

function splitTable(place: Place, node: Node): Split | undefined {
  const { text, content, path, before, rowLimit } = place;
  const isOpen = before?.holds === 'rows';
  const room = (isOpen ? before.room : undefined) ?? rowLimit;
  const body = isOpen ? before.container : node instanceof HTMLElement ? node.querySelector('tbody') : null;
  const top = content[0]?.map?.[0];
  const rows = content.filter((token) => token.type === 'tr_open').slice(1);
  const next = rows.at(-2)?.map?.[0];
  if (!body || rows.length < 3 || top === undefined || next === undefined) return undefined;
  const head = text.slice(lineOffset(text, top), lineOffset(text, top + 2));
  // The head of a table that begins an item stands behind the marker.
  if (!head.startsWith(path.lead)) return undefined;
  const count = Math.min(room, rows.length - 2);
  return toSplit(place, lineOffset(text, next), {
    holds: 'rows',
    path,
    container: body,
    settled: childBehind(body, isOpen ? before.settled : null, count),
    room: room - count,
    prefix: path.prefix + head,
    growing: (block) => {
      const made = growingRows(path.content(block));
      return made && limitRows(made, room - count);
    },
  });
}

function growingRows(content: readonly Token[] | undefined): readonly Node[] | undefined {
  if (content?.[0]?.type !== 'table_open' || closing(content, 0) !== content.length - 1) return undefined;
  const [table] = blockNodes(content);
  return table instanceof HTMLElement ? [...(table.querySelector('tbody')?.childNodes ?? [])] : [];
}

function splitParagraph(place: Place): Split | undefined {
  const { text, content, path, parent, behind, before, references, keptOpen } = place;
  const [opening, inline] = content;
  if (!opening?.map || inline?.type !== 'inline' || content.length !== 3) return undefined;
  const isOpen = before?.holds === 'text';
  const words = inline.content;
  if (!isOpen && words.startsWith('[')) return undefined;
  const length = settledLength(words, references, keptOpen);
  const at = length === undefined ? undefined : offsetIn(text, opening.map[0], words, length);
  if (length === undefined || at === undefined) return undefined;
  // A tight item holds its text itself.
  const isBare = isOpen || opening.hidden;
  const container = isBare ? parent : childBehind(parent, behind, 1);
  const from = isBare ? behind : null;
  if (container === null || isTaskBox(container.firstChild)) return undefined;
  const nodes = inlineNodes(parseInline(words.slice(0, length), references));
  patchChildren(container, from, nodes);
  return toSplit(place, at, {
    holds: 'text',
    path,
    container,
    settled: childBehind(container, from, nodes.length),
    prefix: path.prefix + path.lead,
    growing: (block) => growingText(path.content(block)),
  });
}

function growingText(content: readonly Token[] | undefined): readonly Node[] | undefined {
  if (content?.[0]?.type !== 'paragraph_open' || content.length !== 3) return undefined;
  return inlineNodes(content[1]?.children ?? []);
}

/** Where in `text` stands what is at `length` of the words of the paragraph that begins on `line`. */
function offsetIn(text: string, line: number, words: string, length: number): number | undefined {
  const before = words.slice(0, length).split('\n').length - 1;
  const rest = words.slice(length).split('\n', 1)[0] ?? '';
  const start = lineOffset(text, line + before);
  const raw = lineAround(text, start);
  const at = raw.lastIndexOf(rest);
  return at >= 0 && raw.slice(at + rest.length).trim() === '' ? start + at : undefined;
}

/** The box of a task, which no token stands for. */
const isTaskBox = (node: Node | null): boolean =>
  node instanceof HTMLElement && node.className === 'task-box';
