import { element } from './element.ts';
import type { Highlighter } from './highlighter.ts';
import { MarkdownStream } from './markdownStream.ts';

/** A rendering that took longer than this is given pauses, so that the page stays free. */
const longRendering = 4;

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

  constructor(highlighter: Highlighter) {
    this.#highlighter = highlighter;
    this.#stream = this.#start();
  }

  update(text: string, isFinished: boolean): void {
    if (!this.#continues(text)) {
      this.#stream = this.#start();
      this.element.replaceChildren();
      this.#shown = 0;
      this.#isFinished = false;
    }
    this.#text = text;
    if (isFinished && !this.#isFinished) {
      this.#flush();
      this.#stream.finish(text);
      this.#isFinished = true;
    } else if (text.length > this.#shown) this.#grow();
  }

  #start(): MarkdownStream {
    return new MarkdownStream(this.element, (block) => this.#highlighter.watch(block));
  }

  #continues(text: string): boolean {
    return text === this.#text || (!this.#isFinished && text.startsWith(this.#text));
  }

  #grow(): void {
    if (this.#isWaiting) return;
    if (performance.now() >= this.#notBefore) {
      this.#flush();
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
    const start = performance.now();
    this.#stream.append(this.#text.slice(this.#shown));
    this.#shown = this.#text.length;
    const cost = performance.now() - start;
    this.#notBefore = cost > longRendering ? start + cost * 5 : 0;
  }
}
