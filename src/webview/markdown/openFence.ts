import { appendCode } from '../code/codeBlock.ts';
import type { Token } from './markdown.ts';

/** A code fence that is still open: what comes is appended as it is, until a line might close it. */
export class OpenFence {
  readonly #code: Element;
  readonly #marker: string;
  #lineHead: string;
  /** Indentation of a line that has nothing else yet: to markdown-it it is not there before the line goes on. */
  #indentation = '';

  constructor(code: Element, marker: string, text: string) {
    this.#code = code;
    this.#marker = marker;
    this.#lineHead = lineHead(text);
  }

  /** The fence that `text` is, if it is open and not indented. */
  static find(text: string, token: Token | undefined, node: Node | null): OpenFence | undefined {
    if (token?.type !== 'fence' || !(node instanceof HTMLElement)) return undefined;
    const marker = token.markup.charAt(0);
    const lines = text.slice(text.indexOf('\n') + 1);
    const closing = new RegExp(String.raw`(?:^|\n) {0,3}${marker}{${token.markup.length},}[ \t]*(?:\n|$)`);
    // With a bar in its first line it may still become the head of a table.
    const isPlain = text.startsWith(marker) && !token.info.includes('|');
    const isOpen = text.includes('\n') && isPlain && !closing.test(lines) && !indentationAtEnd(lines);
    const code = node.querySelector('code');
    return isOpen && code ? new OpenFence(code, marker, lines) : undefined;
  }

  /** Appends `delta` if no line of it can be the end of the fence. */
  accepts(delta: string): boolean {
    const lines = this.#lineHead + delta;
    const mayClose = this.#marker === '~' ? /(?:^|\n) {0,3}~/ : /(?:^|\n) {0,3}`/;
    if (mayClose.test(lines)) return false;
    const text = this.#indentation + delta;
    this.#indentation = indentationAtEnd(lines) ? (/(?<![ \t])[ \t]+$/.exec(text)?.[0] ?? '') : '';
    appendCode(this.#code, text.slice(0, text.length - this.#indentation.length));
    this.#lineHead = lineHead(lines);
    return true;
  }
}

/** The last line up to its first sign: enough to tell whether it may close the fence. */
function lineHead(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return /^[ \t]*[^ \t]?/.exec(line)?.[0] ?? '';
}

const indentationAtEnd = (lines: string): boolean => /(?:^|\n)[ \t]+$/.test(lines);
