import { lineOffset } from './lines.ts';
import { firstBlock, isBegun, parseBlocks, type References, type Token } from './markdown.ts';
import { blockNodes } from './markdownNodes.ts';
import { shownRows } from './longTable.ts';
import type * as Shortcuts from './shortcuts.ts';
import type { OpenBlock, Split } from './openBlock.ts';
import type { OpenFence } from './openFence.ts';
import type { OpenWords } from './openWords.ts';
import { childBehind, patchChildren } from './patchNodes.ts';

/** Below this length a block is parsed whole with each delta. */
export const longBlock = 400;

/** How a stream is shown. */
interface StreamOptions {
  /** What spares work with each delta, once it is there: until then the whole open block is parsed. */
  readonly shortcuts: () => typeof Shortcuts | undefined;
  /** A block beyond so many characters is split. */
  readonly longest?: number;
  /** Of a table so many rows are shown. */
  readonly rowLimit?: number;
}

/**
 * Markdown that grows at its end, shown in `root`. Only the open tail is parsed again with each delta:
 * all top-level blocks but the last are final, and what of a long last block is settled stays too
 * (`openBlock.ts`). At every moment the document equals a full parse of the text so far, but for link
 * definitions that come after their use; `finish` sets these right.
 */
export class MarkdownStream {
  readonly #root: HTMLElement;
  readonly #onSettled: (block: Element) => void;
  #tail = '';
  /** The last block that is final. */
  #settled: ChildNode | null = null;
  #references: References = {};
  #open: OpenBlock | undefined;
  #fence: OpenFence | undefined;
  #words: OpenWords | undefined;
  readonly #shortcuts: StreamOptions['shortcuts'];
  readonly #longest: number;
  readonly #rowLimit: number;
  #nextSplit: number;
  #endsInReturn = false;

  /** `onSettled` is told of each block that will not change any more. */
  constructor(
    root: HTMLElement,
    onSettled: (block: Element) => void,
    { shortcuts, longest = longBlock, rowLimit = shownRows }: StreamOptions,
  ) {
    this.#root = root;
    this.#onSettled = onSettled;
    this.#shortcuts = shortcuts;
    this.#longest = longest;
    this.#rowLimit = rowLimit;
    this.#nextSplit = longest;
  }

  append(delta: string): void {
    const text = this.#normalise(delta);
    this.#tail += text;
    if (this.#fence?.accepts(text)) return;
    if (this.#tail.length <= this.#nextSplit && this.#words?.accepts(text)) return;
    this.#fence = undefined;
    this.#render();
    this.#words = this.#fence ? undefined : this.#shortcuts()?.OpenWords.find(this.#tail, this.#root);
  }

  /** Takes `text` as the whole and final text; it continues what was appended. */
  finish(text: string): void {
    if (text.includes(']:')) this.#renderWhole(text);
    for (const block of this.#root.children) this.#onSettled(block);
  }

  /** The block after those that are final. */
  get #openNode(): ChildNode | null {
    return childBehind(this.#root, this.#settled, 1);
  }

  #renderWhole(text: string): void {
    patchChildren(this.#root, null, blockNodes(parseBlocks(text, {}), this.#rowLimit));
  }

  /** One line feed for each end of a line, also where a return and its line feed come apart. */
  #normalise(delta: string): string {
    const text = this.#endsInReturn && delta.startsWith('\n') ? delta.slice(1) : delta;
    this.#endsInReturn = delta === '' ? this.#endsInReturn : delta.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  #render(): void {
    const prefix = this.#open?.prefix ?? '';
    const text = prefix + this.#tail;
    const tokens = parseBlocks(text, { ...this.#references });
    if (!this.#patch(tokens)) {
      this.#reopen();
      return;
    }
    const blocks = topLevelBlocks(tokens);
    const open = openFrom(blocks, text);
    if (open > 0) this.#settle(blocks, open, text);
    else if (this.#tail.length > this.#nextSplit) this.#split(tokens, text);
    const last = blocks.at(-1);
    if (blocks.length - open === 1) this.#fence = this.#findFence(last);
  }

  /** Shows what the tail makes; false if the block that was open is not what it was taken for. */
  #patch(tokens: readonly Token[]): boolean {
    if (this.#open === undefined) {
      patchChildren(this.#root, this.#settled, blockNodes(tokens, this.#rowLimit));
      return true;
    }
    const first = firstBlock(tokens);
    const growing = this.#open.growing(first);
    if (growing === undefined) return false;
    patchChildren(this.#open.container, this.#open.settled, growing);
    patchChildren(this.#root, this.#openNode, blockNodes(tokens.slice(first.length), this.#rowLimit));
    return true;
  }

  /** Takes back into the tail what was settled since the last container was entered, and renders it. */
  #reopen(): void {
    this.#tail = (this.#open?.source ?? '') + this.#tail;
    this.#open = this.#open?.outer;
    this.#nextSplit = this.#tail.length + this.#longest / 4;
    this.#render();
  }

  /** The blocks before `open` are final. */
  #settle(blocks: readonly Token[], open: number, text: string): void {
    const at = lineOffset(text, blocks[open]?.map?.[0] ?? 0);
    const settled = sourceOf(this.#open) + this.#tail.slice(0, at - (this.#open?.prefix.length ?? 0));
    if (settled.includes(']:')) parseBlocks(settled, this.#references);
    for (let block = 0; block < open; block += 1) {
      this.#settled = this.#openNode;
      if (this.#settled instanceof Element) this.#onSettled(this.#settled);
    }
    this.#tail = text.slice(at);
    this.#open = undefined;
    this.#nextSplit = this.#longest;
  }

  #split(tokens: readonly Token[], text: string): void {
    const { splitBlock } = this.#shortcuts() ?? {};
    if (splitBlock === undefined) return;
    this.#nextSplit = this.#tail.length + this.#longest / 4;
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    const references = { ...this.#references };
    // What a line is, is sure when it is complete; a text of one long line has none.
    const split =
      this.#splitAt(splitBlock, complete, parseBlocks(complete, references), references) ??
      this.#splitAt(splitBlock, text, tokens, references);
    if (split === undefined) return;
    this.#tail = split.tail;
    this.#open = split.block;
    this.#nextSplit = this.#longest;
    this.#render();
  }

  /** Splits the beginning `part` of the text that is parsed. */
  #splitAt(
    splitBlock: typeof Shortcuts.splitBlock,
    part: string,
    tokens: readonly Token[],
    references: References,
  ): Split | undefined {
    const split = splitBlock({
      text: part,
      tokens,
      root: this.#root,
      settled: this.#settled,
      before: this.#open,
      references,
      keptOpen: this.#longest / 4,
      rowLimit: this.#rowLimit,
    });
    const rest = (this.#open?.prefix ?? '').length + this.#tail.length - part.length;
    return split && { ...split, tail: split.tail + this.#tail.slice(this.#tail.length - rest) };
  }

  #findFence(last: Token | undefined): OpenFence | undefined {
    if (last?.type !== 'fence' || this.#open !== undefined) return undefined;
    return this.#shortcuts()?.OpenFence.find(this.#tail, last, this.#openNode);
  }
}

/** What was settled of an open block. */
function sourceOf(open: OpenBlock | undefined): string {
  return open === undefined ? '' : sourceOf(open.outer) + open.source;
}

function topLevelBlocks(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => token.level === 0 && token.nesting >= 0);
}

/**
 * The index of the first block that may still change: the last one, and the one before it while it is not sure that
 * the last one begins there ("1. a", an empty line, "2" is to become one list).
 */
function openFrom(blocks: readonly Token[], text: string): number {
  const last = blocks.at(-1);
  return last ? Math.max(0, blocks.length - (isBegun(last, text) ? 1 : 2)) : 0;
}
