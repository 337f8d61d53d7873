import { Late } from '../dom/late.ts';
import type { InView } from '../messages/keptViews.ts';
import type { RowFocus } from './rowFocus.ts';

/** What the focus can go to within a row. */
export const controls = 'a, button, input, [tabindex]';

/** What else stands in a row and takes the focus: boxes of code and of output, so that they can be scrolled. */
export const isBox = (one: Element): boolean => !one.matches('a, button, input, .message');

/** So far a box can be scrolled that is wide or high by less than a pixel more than what is seen of it. */
export const slack = 1;

/** How the focus came to where it is. */
export interface Arrival {
  /** What the person touched last before. */
  readonly hand: 'tab' | 'key' | 'pointer';
  readonly event?: FocusEvent;
}

// Nobody misses it: without it the messages are scrolled.
const focuses = new Late(() => import('./rowFocus.ts'));

/**
 * The transcript as one stop of the Tab key, from the start. What leads on from there comes later: the keys for it that
 * are pressed before are kept.
 */
export class RowFocusSlot {
  readonly #inView: InView;
  readonly #measured = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target instanceof HTMLElement) settleBox(target);
  });
  #focus: RowFocus | undefined;
  #isLost = false;
  #hand: Arrival['hand'] = 'key';
  #arrival: Arrival = { hand: 'key' };
  #early: KeyboardEvent[] = [];

  /** `stage` holds the views, of which one is in view. */
  constructor(stage: HTMLElement, inView: InView) {
    this.#inView = inView;
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) if (node instanceof HTMLElement) this.#settle(node);
      }
    }).observe(stage, { childList: true, subtree: true });
    const ends = new AbortController();
    const { signal } = ends;
    const touched = ({ type, key }: Partial<KeyboardEvent>): void => {
      this.#hand = type === 'pointerdown' ? 'pointer' : key === 'Tab' ? 'tab' : 'key';
      if (this.#hand === 'pointer') this.#arrival = { hand: 'pointer' };
    };
    document.addEventListener('keydown', touched, { capture: true, signal });
    document.addEventListener('pointerdown', touched, { capture: true, signal });
    stage.addEventListener('keydown', (event) => this.#keep(event), { signal });
    stage.addEventListener('focusin', (event) => this.#came(event), { signal });
    focuses.onceThere(({ RowFocus: Made }) => {
      ends.abort();
      this.#focus = new Made(stage, inView, this.#arrival);
      for (const event of this.#early) this.#focus.takeLate(event);
    });
  }

  /** Goes to the message that had the focus last, if it is in view; else to the last one in view. */
  enter(): void {
    if (this.#focus !== undefined) return this.#focus.enter();
    // As by Tab: from there the focus is led on.
    this.#hand = 'tab';
    this.#inView.current?.focus();
  }

  /** What is new in a row is no stop by itself. */
  #settle(added: HTMLElement): void {
    if (added.closest('.message') === null && added.querySelector('.message') === null) return;
    const all = [...added.querySelectorAll<HTMLElement>(controls)];
    if (added.matches(controls)) all.push(added);
    for (const one of all) {
      if (one.closest('.message') === null || one.matches('.message')) continue;
      if (isBox(one)) this.#measured.observe(one);
      else one.tabIndex = -1;
    }
  }

  #came(event: FocusEvent): void {
    this.#arrival = { hand: this.#hand, event };
    this.#early = [];
    if (this.#hand !== 'pointer') void this.#load();
  }

  /** Without it, nothing is kept for it. */
  async #load(): Promise<void> {
    this.#isLost = (await focuses.load()) === undefined;
  }

  /** Keeps a key that may lead on from where the focus is. */
  #keep(event: KeyboardEvent): void {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const { hand } = this.#arrival;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || shiftKey || this.#isLost) return;
    const isLed = target === this.#inView.current?.scroller ? hand === 'tab' : hand !== 'pointer';
    if (!isLed || !/^(Arrow|Home|End)/.test(key) || !(target instanceof Element)) return;
    if (target !== this.#inView.current?.scroller && isBox(target)) return;
    event.preventDefault();
    this.#early.push(event);
  }
}

/** A box is a stop only while there is something to scroll. */
export function settleBox(box: HTMLElement): void {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = box;
  const isMore = scrollWidth > clientWidth + slack || scrollHeight > clientHeight + slack;
  box.tabIndex = isMore ? 0 : -1;
}
