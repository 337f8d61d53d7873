import MarkdownIt from 'markdown-it/browser';
import { linkTarget } from '../../src/webview/markdown/linkTarget.ts';
import { parseBlocks } from '../../src/webview/markdown/markdown.ts';
import { blockNodes } from '../../src/webview/markdown/markdownNodes.ts';
import { MarkdownStream } from '../../src/webview/markdown/markdownStream.ts';
import { decodeHTMLStrict } from '../../src/webview/markdown/namedEntities.ts';
import * as shortcuts from '../../src/webview/markdown/shortcuts.ts';

// Runs in the browser: what tests need of the page's Markdown, with the comparing done there.

/** Where a stream first differed from a rendering of the same text from scratch. */
export interface Difference {
  readonly text: string;
  readonly streamed: string;
  readonly whole: string;
}

export interface StreamHarness {
  /**
   * Streams `chunks` and compares the document with a rendering from scratch after every so many and at the end.
   * Blocks beyond `longest` characters are split; absent: as in the page. `comesLate`: what spares work
   * comes in the middle of the text.
   */
  differs(
    chunks: readonly string[],
    every: number,
    longest?: number,
    comesLate?: boolean,
  ): Difference | undefined;
  /** What the page makes of `text` and what markdown-it's own renderer makes of it, in a form that can be compared. */
  skeletons(text: string): { readonly page: string; readonly reference: string };
  /** What the browser makes of names of characters, e.g. `&amp;`. */
  decode(entities: readonly string[]): string[];
  /** The median time of one delta over the last third of a text, and of a rendering from scratch, in milliseconds. */
  cost(text: string, delta: number): { readonly median: number; readonly whole: number };
}

function settled(node: Node): Node {
  const copy = node.cloneNode(true);
  copy.normalize();
  return copy;
}

function whole(text: string): HTMLElement {
  const root = document.createElement('div');
  root.append(...blockNodes(parseBlocks(text, {})));
  return root;
}

function compare(root: HTMLElement, text: string): Difference | undefined {
  const wanted = whole(text);
  if (settled(root).isEqualNode(settled(wanted))) return undefined;
  return { text, streamed: root.innerHTML, whole: wanted.innerHTML };
}

function differs(
  chunks: readonly string[],
  every: number,
  longest?: number,
  comesLate = false,
): Difference | undefined {
  const root = document.createElement('div');
  let isThere = !comesLate;
  const stream = new MarkdownStream(root, () => undefined, {
    shortcuts: () => (isThere ? shortcuts : undefined),
    ...(longest !== undefined && { longest }),
  });
  let text = '';
  for (const [index, chunk] of chunks.entries()) {
    isThere ||= index > chunks.length / 2;
    text += chunk;
    stream.append(chunk);
    // A definition may still come for what has been shown; until the end such texts may differ.
    const isComparable = index % every === 0 && !text.includes(']:') && !text.endsWith('\r');
    const difference = isComparable ? compare(root, text) : undefined;
    if (difference) return difference;
  }
  stream.finish(text);
  return compare(root, text);
}

const wrappers = new Set(['A', 'SPAN', 'BDI', 'DIV', 'BUTTON', 'THEAD', 'TBODY']);

function skeleton(node: Node): string {
  if (node instanceof Text) return node.data;
  if (!(node instanceof HTMLElement)) return '';
  if (node.classList.contains('code-bar') || node.classList.contains('code-title')) return '';
  if (node.classList.contains('task-box')) return node.ariaLabel === 'done' ? '[x] ' : '[ ] ';
  if (node instanceof HTMLImageElement) return node.alt || 'image';
  const inner = [...node.childNodes].map(skeleton).join('');
  const blocks = node.tagName === 'LI' || node.tagName === 'BLOCKQUOTE' || node.tagName === 'TR';
  const content = blocks || node.tagName === 'UL' || node.tagName === 'OL' ? inner.trim() : inner;
  return wrappers.has(node.tagName) ? inner : `<${node.tagName}>${content}</${node.tagName}>`;
}

function skeletons(text: string): { page: string; reference: string } {
  const reference = new MarkdownIt({ html: false });
  reference.validateLink = () => true;
  // What stands in angle brackets and leads nowhere stays as it was written.
  reference.renderer.rules['link_open'] = (tokens, index, options, _, renderer) => {
    const token = tokens[index];
    const isAuto = token?.markup === 'autolink';
    const isLink = !isAuto || linkTarget(String(token.attrGet('href') ?? ''))?.kind === 'web';
    if (isLink) return renderer.renderToken(tokens, index, options);
    const closing = tokens[index + 2];
    if (closing) closing.content = 'source';
    return '<span>&lt;';
  };
  reference.renderer.rules['link_close'] = (tokens, index, options, _, renderer) =>
    tokens[index]?.content === 'source' ? '&gt;</span>' : renderer.renderToken(tokens, index, options);
  const parsed = new DOMParser().parseFromString(reference.render(text), 'text/html');
  const compact = (words: string): string => words.replaceAll(/\s+/g, ' ').replaceAll(/ ?(<[^>]*>) ?/g, '$1');
  return {
    page: compact([...whole(text).childNodes].map(skeleton).join('')),
    reference: compact([...parsed.body.childNodes].map(skeletonOfForeign).join('')),
  };
}

/** Elements of another document are of other classes; they are brought here first. */
function skeletonOfForeign(node: Node): string {
  return skeleton(document.importNode(node, true));
}

function cost(text: string, delta: number): { median: number; whole: number } {
  const root = document.createElement('div');
  root.className = 'markdown';
  document.body.append(root);
  const stream = new MarkdownStream(root, () => undefined, { shortcuts: () => shortcuts });
  const from = Math.floor((text.length * 2) / 3);
  stream.append(text.slice(0, from));
  const times: number[] = [];
  for (let at = from; at < text.length; at += delta) {
    times.push(timed(() => stream.append(text.slice(at, at + delta)), root));
  }
  root.replaceChildren();
  const rounds = Array.from({ length: 5 }, () => timed(() => root.replaceChildren(whole(text)), root));
  root.remove();
  return { median: median(times), whole: median(rounds) };
}

/** How long `run` takes, with the layout after it. */
function timed(run: () => void, root: HTMLElement): number {
  const start = performance.now();
  run();
  root.getBoundingClientRect();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

const decode = (entities: readonly string[]): string[] => entities.map((entity) => decodeHTMLStrict(entity));

const harness: StreamHarness = { differs, skeletons, decode, cost };
Object.assign(globalThis, { harness });
