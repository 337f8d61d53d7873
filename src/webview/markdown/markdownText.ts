import { element } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import type { Highlighter } from '../code/highlighter.ts';
import { asksForRows, shownRows } from './longTable.ts';
import { MarkdownStream } from './markdownStream.ts';

const shortcuts = new Late(() => import('./shortcuts.ts'));

/** Milliseconds. Growth that takes longer is shown less often, so that it takes no more than that of a frame on average. */
const frameShare = 1;
const framesPerPause = 16;
/** Milliseconds without growth that no reader notices; only what would keep the page busy waits longer. */
const longestPause = 66;
/** Beyond this length what it takes to lay out a text counts, too. */
const longText = 4000;

/** Letters of the scripts that are written from the right; halves of those beyond the first plane. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\ud802\ud803\ud83a\ud83b]/;

/** A growing text as Markdown. A text that does not continue the one before it is rendered from the start. */
export class MarkdownText {
  readonly element = element('div', { class: 'markdown', dir: 'auto' });
  readonly #highlighter: Highlighter;
  #stream: MarkdownStream;
  #text = '';
  #shown = 0;
  #isFinished = false;
  #notBefore = 0;
  #isWaiting = false;
  #rowLimit = shownRows;

  constructor(highlighter: Highlighter) {
    this.#highlighter = highlighter;
    this.element.addEventListener('click', (event) => {
      if (asksForRows(event)) this.#showAllRows();
    });
    this.#stream = this.#start();
  }

  update(text: string, isFinished: boolean): void {
    if (!this.#continues(text)) this.#restart();
    this.#text = text;
    if (isFinished && !this.#isFinished) {
      this.#flush();
      this.#stream.finish(text);
      this.#isFinished = true;
    } else if (text.length > this.#shown) this.#grow();
  }

  #start(): MarkdownStream {
    return new MarkdownStream(this.element, (block) => this.#highlighter.watch(block), {
      shortcuts: () => shortcuts.piece,
      rowLimit: this.#rowLimit,
    });
  }

  #restart(): void {
    this.#stream = this.#start();
    this.element.replaceChildren();
    this.#shown = 0;
    this.#notBefore = 0;
    this.#isFinished = false;
  }

  #showAllRows(): void {
    const isFinished = this.#isFinished;
    this.#rowLimit = Infinity;
    this.#restart();
    this.update(this.#text, isFinished);
  }

  #continues(text: string): boolean {
    return text === this.#text || (!this.#isFinished && text.startsWith(this.#text));
  }

  #grow(): void {
    if (this.#isWaiting) return;
    const start = performance.now();
    if (start >= this.#notBefore) {
      this.#flush();
      // Asked for its height it is laid out here and not at the end of the frame.
      if (this.#shown > longText) void this.element.offsetHeight;
      this.#notBefore = start + pauseAfter(performance.now() - start);
      return;
    }
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      if (!this.#isFinished) this.#grow();
    });
  }

  #flush(): void {
    if (this.#text.length === this.#shown) return;
    const grown = this.#text.slice(this.#shown);
    // What no text needs but such a one makes the layout of every text slower.
    if (rightToLeft.test(grown)) this.element.classList.add('bidi');
    this.#stream.append(grown);
    this.#shown = this.#text.length;
  }
}

function pauseAfter(cost: number): number {
  return cost < frameShare ? 0 : Math.max(cost * 5, Math.min(cost * framesPerPause, longestPause));
}
