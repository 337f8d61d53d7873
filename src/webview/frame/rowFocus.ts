import { isGap } from '../messages/rowKeys.ts';
import type { InView } from '../messages/keptViews.ts';
import type { SessionView } from '../messages/sessionView.ts';
import { type Arrival, controls, isBox, settleBox, slack } from './rowFocusSlot.ts';

/** So far one press of an arrow scrolls, in pixels. */
const line = 40;

type Direction = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

/**
 * The transcript as one stop of the Tab key: Tab comes to the message that had the focus last, or else to the last one in
 * view, and the next Tab leaves for the composer, however many messages there are. The arrows go on from there: up and
 * down to other messages, left and right through what can be acted on within one. Only boxes that can be scrolled are
 * stops of their own. Who uses a pointer finds all as it ever was: a click leaves the arrows to scroll.
 */
export class RowFocus {
  readonly #inView: InView;
  #last: HTMLElement | undefined;
  /** What the person touched last. */
  #hand: Arrival['hand'];
  /** Whether the focus came to where it is by keys. */
  #isByKeys: boolean;

  /** `stage` holds the views, of which one is in view; `arrival`: how the focus came to where it is by now. */
  constructor(stage: HTMLElement, inView: InView, { hand, event }: Arrival) {
    this.#inView = inView;
    this.#hand = hand;
    this.#isByKeys = hand !== 'pointer';
    document.addEventListener('keydown', ({ key }) => this.#press(key), true);
    document.addEventListener('pointerdown', () => this.#point(), true);
    stage.addEventListener('keydown', (event) => {
      if (this.#takes(event)) event.preventDefault();
    });
    stage.addEventListener('focusin', (event) => this.#came(event));
    stage.addEventListener('focusout', (event) => this.#left(event));
    if (event !== undefined && event.target === document.activeElement) this.#came(event);
  }

  /** Goes to the message that had the focus last, if it is in view; else to the last one in view. */
  enter(): void {
    const view = this.#inView.current;
    if (view === undefined) return;
    const row = this.#last !== undefined && isSeen(this.#last, view) ? this.#last : lastSeen(view);
    if (row === undefined) view.focus();
    else this.#go(row);
  }

  /** What has grown in a box since it was measured last may be more than is seen of it: Tab is about to ask. */
  #press(key: string): void {
    this.#hand = key === 'Tab' ? 'tab' : 'key';
    if (key !== 'Tab') return;
    const all = this.#inView.current?.scroller.querySelectorAll<HTMLElement>(controls) ?? [];
    for (const one of all) if (isBox(one) && one.closest('.message') !== null) settleBox(one);
  }

  #point(): void {
    this.#hand = 'pointer';
    this.#isByKeys = false;
  }

  /** Does what a key was for that came before this did. */
  takeLate({ key }: KeyboardEvent): void {
    const { activeElement: target } = document;
    if (!(target instanceof HTMLElement) || rowOf(target) === undefined) return;
    if (this.#goesOn(target, key)) return;
    const scroller = this.#inView.current?.scroller;
    if (key === 'ArrowUp') scroller?.scrollBy(0, -line);
    else if (key === 'ArrowDown') scroller?.scrollBy(0, line);
  }

  #came({ target, relatedTarget }: FocusEvent): void {
    if (!(target instanceof HTMLElement)) return;
    const scroller = this.#inView.current?.scroller;
    this.#isByKeys = this.#hand !== 'pointer';
    if (target === scroller) {
      const before = relatedTarget instanceof HTMLElement && scroller.contains(relatedTarget);
      // Who goes back by Shift+Tab comes by here on the way from a box to its message, but not on the way out.
      if (this.#hand === 'tab' && (!before || isBox(relatedTarget))) this.enter();
      return;
    }
    const row = rowOf(target);
    if (row === undefined || scroller === undefined) return;
    this.#last = row;
    scroller.tabIndex = isBox(target) ? 0 : -1;
  }

  #left({ target }: FocusEvent): void {
    const scroller = this.#inView.current?.scroller;
    if (scroller !== undefined) scroller.tabIndex = 0;
    if (target instanceof HTMLElement && target.matches('.message')) target.removeAttribute('tabindex');
  }

  /** Whether the key goes on from where the focus is. */
  #takes(event: KeyboardEvent): boolean {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || shiftKey || !this.#isByKeys) return false;
    return target instanceof HTMLElement && this.#goesOn(target, key);
  }

  #goesOn(target: HTMLElement, key: string): boolean {
    const row = rowOf(target);
    if (row === undefined) return false;
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        return !scrolls(target, key) && this.#goWithin(row, target, key === 'ArrowLeft' ? -1 : 1);
      case 'ArrowUp':
      case 'ArrowDown':
        return !scrolls(target, key) && this.#goBeside(row, key);
      case 'Home':
      case 'End':
        if (scrolls(target, key === 'Home' ? 'ArrowUp' : 'ArrowDown')) return false;
        return target === row ? this.#goToEdge(key) : this.#goWithin(row, row, key === 'Home' ? 1 : -1);
      default:
        return false;
    }
  }

  /** The message itself stands before the first and after the last of what is in it. */
  #goWithin(row: HTMLElement, from: HTMLElement, step: 1 | -1): boolean {
    const stops = [row, ...stopsIn(row)];
    const next = stops.at((stops.indexOf(from) + step) % stops.length);
    if (next === row) this.#go(row);
    else next?.focus();
    return true;
  }

  /** A message that goes on beyond the view is read to its end first. */
  #goBeside(row: HTMLElement, key: 'ArrowUp' | 'ArrowDown'): boolean {
    const view = this.#inView.current;
    if (view === undefined) return false;
    const [seen, whole] = [view.scroller.getBoundingClientRect(), row.getBoundingClientRect()];
    const goesOn = key === 'ArrowUp' ? whole.top < seen.top - slack : whole.bottom > seen.bottom + slack;
    if (goesOn) return false;
    const next = rowBeside(view, row.dataset['rowKey'] ?? '', key === 'ArrowUp' ? -1 : 1);
    if (next !== undefined) this.#go(next);
    return true;
  }

  #goToEdge(key: 'Home' | 'End'): boolean {
    const view = this.#inView.current;
    const row = view && rowAtEdge(view, key);
    if (row !== undefined) this.#go(row);
    return true;
  }

  #go(row: HTMLElement): void {
    this.#hand = 'key';
    row.tabIndex = 0;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
}

const rowOf = (target: HTMLElement): HTMLElement | undefined =>
  target.closest<HTMLElement>('.message') ?? undefined;

function stopsIn(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>(controls)].filter(
    (one) => one.checkVisibility() && !(isBox(one) && one.tabIndex < 0),
  );
}

/** Whether the key scrolls what has the focus. */
function scrolls(target: HTMLElement, key: Direction): boolean {
  if (!isBox(target)) return false;
  const { scrollLeft, scrollTop, scrollWidth, clientWidth, scrollHeight, clientHeight } = target;
  switch (key) {
    case 'ArrowUp':
      return scrollTop > 0;
    case 'ArrowDown':
      return scrollTop + clientHeight < scrollHeight - slack;
    case 'ArrowLeft':
      return scrollLeft > 0;
    case 'ArrowRight':
      return scrollLeft + clientWidth < scrollWidth - slack;
  }
}

function isSeen(row: HTMLElement, { scroller }: SessionView): boolean {
  if (!scroller.contains(row)) return false;
  const [seen, whole] = [scroller.getBoundingClientRect(), row.getBoundingClientRect()];
  return whole.bottom > seen.top && whole.top < seen.bottom;
}

function lastSeen(view: SessionView): HTMLElement | undefined {
  return [...view.scroller.querySelectorAll<HTMLElement>('.message')].findLast((row) => isSeen(row, view));
}

/** The row before or after that of `key`, in the document; undefined: there is none. What is missing between is left out. */
function rowBeside({ rows }: SessionView, key: string, step: 1 | -1): HTMLElement | undefined {
  const keys = keysOf(rows);
  return bring(rows, keys[keys.indexOf(key) + step]);
}

/** The first or the last row of what is here, in the document. */
function rowAtEdge({ rows }: SessionView, key: 'Home' | 'End'): HTMLElement | undefined {
  if (key === 'End') rows.window.scrollToEnd();
  return bring(rows, keysOf(rows).at(key === 'Home' ? 0 : -1));
}

const keysOf = ({ keys }: SessionView['rows']): readonly string[] => keys.filter((key) => !isGap(key));

function bring({ window }: SessionView['rows'], key: string | undefined): HTMLElement | undefined {
  if (key === undefined) return undefined;
  if (!window.rows.has(key)) window.scrollTo(key);
  return window.rows.get(key)?.element;
}
