import { parseBlocks, type References, type Token } from './markdown.ts';
import { blockNodes } from './markdownNodes.ts';
import { firstBlock, lineOffset, longBlock, splitBlock, type OpenBlock } from './openBlock.ts';
import { OpenFence } from './openFence.ts';
import { childBehind, patchChildren } from './patchNodes.ts';

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
  #nextSplit = longBlock;
  #endsInReturn = false;

  /** `onSettled` is told of each block that will not change any more. */
  constructor(root: HTMLElement, onSettled: (block: Element) => void) {
    this.#root = root;
    this.#onSettled = onSettled;
  }

  append(delta: string): void {
    const text = this.#normalise(delta);
    this.#tail += text;
    if (this.#fence?.accepts(text)) return;
    this.#fence = undefined;
    this.#render();
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
    patchChildren(this.#root, null, blockNodes(parseBlocks(text, {})));
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
    if (!this.#patch(tokens, text)) {
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
  #patch(tokens: readonly Token[], text: string): boolean {
    if (this.#open === undefined) {
      patchChildren(this.#root, this.#settled, blockNodes(tokens));
      return true;
    }
    const first = firstBlock(tokens);
    const growing = this.#open.growing(first, text);
    if (growing === undefined) return false;
    patchChildren(this.#open.container, this.#open.settled, growing);
    patchChildren(this.#root, this.#openNode, blockNodes(tokens.slice(first.length)));
    return true;
  }

  /** Takes the settled part of the open block back into the tail and renders it whole. */
  #reopen(): void {
    this.#tail = (this.#open?.source ?? '') + this.#tail;
    this.#open = undefined;
    this.#nextSplit = this.#tail.length + longBlock / 4;
    this.#render();
  }

  /** The blocks before `open` are final. */
  #settle(blocks: readonly Token[], open: number, text: string): void {
    const at = lineOffset(text, blocks[open]?.map?.[0] ?? 0);
    const settled = (this.#open?.source ?? '') + this.#tail.slice(0, at - (this.#open?.prefix.length ?? 0));
    if (settled.includes(']:')) parseBlocks(settled, this.#references);
    for (let block = 0; block < open; block += 1) {
      this.#settled = this.#openNode;
      if (this.#settled instanceof Element) this.#onSettled(this.#settled);
    }
    this.#tail = text.slice(at);
    this.#open = undefined;
    this.#nextSplit = longBlock;
  }

  #split(tokens: readonly Token[], text: string): void {
    this.#nextSplit = this.#tail.length + longBlock / 4;
    const node = this.#open?.container ?? this.#openNode;
    if (node === null) return;
    const isParagraph = tokens[0]?.type === 'paragraph_open';
    const complete = isParagraph ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    const references = { ...this.#references };
    const sure = isParagraph ? tokens : parseBlocks(complete, references);
    const split = splitBlock(complete, sure, node, this.#open, references);
    if (split === undefined) return;
    this.#tail = split.tail + text.slice(complete.length);
    this.#open = split.block;
    this.#nextSplit = Math.max(longBlock, this.#tail.length + longBlock / 4);
    this.#render();
  }

  #findFence(last: Token | undefined): OpenFence | undefined {
    if (last?.type !== 'fence' || this.#open !== undefined) return undefined;
    return OpenFence.find(this.#tail, last, this.#openNode);
  }
}

function topLevelBlocks(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => token.level === 0 && token.nesting >= 0);
}

/**
 * The index of the first block that may still change: the last one, and the one before it while the last
 * began on a line that is not complete ("1. a", an empty line, "2" is to become one list).
 */
function openFrom(blocks: readonly Token[], text: string): number {
  const last = blocks.at(-1)?.map?.[0];
  if (last === undefined) return 0;
  const beganOnOpenLine = !text.endsWith('\n') && !text.includes('\n', lineOffset(text, last));
  return Math.max(0, blocks.length - (beganOnOpenLine ? 2 : 1));
}
