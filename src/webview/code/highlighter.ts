import { readCodeBlock } from './codeBlock.ts';
import { element } from '../dom/element.ts';
import type { CodeSegment, HighlightHolder } from './highlightApi.ts';

const longestHighlighted = 30_000;
/** Milliseconds that code is near the view before it is coloured: what a reader scrolls past costs nothing. */
const rest = 150;
/** A block of a known language that has no colours yet. */
const uncoloured = '[data-language]:not([data-highlighted])';

/** Colours code that is complete and in view, when the page has nothing else to do. */
export class Highlighter {
  readonly #nonce: string;
  readonly #onLoad: () => void;
  readonly #onColoured: () => void;
  /** The blocks that are near the view, and since when. */
  readonly #queue = new Map<Element, number>();
  readonly #seen = new IntersectionObserver((entries) => this.#enqueue(entries), { rootMargin: '200px' });
  #scriptUrl: string | undefined;
  #loading: Promise<void> | undefined;
  #isScheduled = false;

  /** `onLoad` is told when the script with the languages is there, `onColoured` when code has colours that had none. */
  constructor(nonce: string, onLoad: () => void, onColoured: () => void) {
    this.#nonce = nonce;
    this.#onLoad = onLoad;
    this.#onColoured = onColoured;
  }

  /** Where the script with the languages is. */
  useScript(url: string): void {
    this.#scriptUrl = url;
  }

  /** Takes the code blocks below `root` that are not coloured; they are complete. */
  watch(root: Element): void {
    const blocks = root.matches('.code') ? [root] : root.querySelectorAll('.code');
    for (const block of blocks) if (block.matches(uncoloured)) this.#seen.observe(block);
  }

  #enqueue(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#queue.set(target, performance.now());
      else this.#queue.delete(target);
      if (!target.isConnected) this.#seen.unobserve(target);
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.size === 0) return;
    this.#isScheduled = true;
    const [since = 0] = this.#queue.values();
    setTimeout(
      () =>
        requestIdleCallback((deadline) => {
          this.#isScheduled = false;
          this.#work(deadline);
        }),
      since + rest - performance.now(),
    );
  }

  #work(deadline: IdleDeadline): void {
    const script = (globalThis as HighlightHolder).openCodeSessionsHighlight;
    if (script === undefined) {
      void this.#load().then(() => this.#schedule());
      return;
    }
    for (const [block, since] of this.#queue) {
      if (performance.now() - since < rest) break;
      this.#queue.delete(block);
      this.#seen.unobserve(block);
      const { text, language } = readCodeBlock(block);
      if (!block.isConnected || text.length > longestHighlighted) continue;
      const segments = script.highlight(text, language.toLowerCase());
      if (segments !== undefined) colour(block, segments);
      if (deadline.timeRemaining() < 2) break;
    }
    this.#onColoured();
    this.#schedule();
  }

  #load(): Promise<void> {
    this.#loading ??= new Promise((resolve) => {
      if (this.#scriptUrl === undefined) return;
      const script = element('script', {
        src: this.#scriptUrl,
        on: { load: () => (this.#onLoad(), resolve()), error: () => this.#queue.clear() },
      });
      script.nonce = this.#nonce;
      document.head.append(script);
    });
    return this.#loading;
  }
}

/** `title.class` has both words as classes. */
function classOf(scope: string): string {
  return scope
    .replaceAll('_', '')
    .split('.')
    .map((word) => `hl-${word}`)
    .join(' ');
}

function colour(block: Element, segments: readonly CodeSegment[]): void {
  const code = block.querySelector('code');
  if (!code) return;
  code.replaceChildren(
    ...segments.map(({ text, scope }) =>
      scope === undefined ? text : element('span', { class: classOf(scope), text }),
    ),
  );
  block.setAttribute('data-highlighted', '');
}
