import type { Highlighting } from './highlightApi.ts';

/** What has code in it: blocks, and the lines of diffs. */
const coded = '.code, .diff';
/** Milliseconds that code is near the view before it is coloured: what a reader scrolls past costs nothing. */
const rest = 150;
/** A block of a known language that has no colours yet. */
const uncoloured = '[data-language]:not([data-highlighted])';

/** Colours code that is complete and in view, when the page has nothing else to do. */
export class Highlighter {
  readonly #load: () => Promise<Highlighting>;
  readonly #onLoad: (script: Highlighting) => void;
  readonly #onColoured: () => void;
  /** The blocks that are near the view, and since when. */
  readonly #queue = new Map<Element, number>();
  readonly #seen = new IntersectionObserver((entries) => this.#enqueue(entries), { rootMargin: '200px' });
  #script: Highlighting | undefined;
  #isLoading = false;
  #isScheduled = false;

  /**
   * `load` brings the script with the languages; `onLoad` is told when it is there, `onColoured` when code has colours that
   * had none.
   */
  constructor(
    load: () => Promise<Highlighting>,
    onLoad: (script: Highlighting) => void,
    onColoured: () => void,
  ) {
    this.#load = load;
    this.#onLoad = onLoad;
    this.#onColoured = onColoured;
  }

  /** Takes the code blocks and diffs below `root` that are not coloured; they are complete. */
  watch(root: Element): void {
    const blocks = root.matches(coded) ? [root] : root.querySelectorAll(coded);
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
        requestIdleCallback(
          (deadline) => {
            this.#isScheduled = false;
            this.#work(deadline);
          },
          // Where nothing moves any more, Chromium may wait for the next frame before it calls a page idle.
          { timeout: 2000 },
        ),
      since + rest - performance.now(),
    );
  }

  #work(deadline: IdleDeadline): void {
    const script = this.#script;
    if (script === undefined) {
      if (!this.#isLoading) void this.#bring();
      return;
    }
    for (const [block, since] of this.#queue) {
      if (performance.now() - since < rest) break;
      this.#queue.delete(block);
      this.#seen.unobserve(block);
      if (!block.isConnected) continue;
      script.colour(block);
      if (deadline.timeRemaining() < 2) break;
    }
    this.#onColoured();
    this.#schedule();
  }

  /** Code without colours can be read as well: where the script does not come, only the host hears of it. */
  async #bring(): Promise<void> {
    this.#isLoading = true;
    try {
      this.#script = await this.#load();
    } catch (error) {
      this.#queue.clear();
      throw error;
    }
    this.#onLoad(this.#script);
    this.#schedule();
  }
}
