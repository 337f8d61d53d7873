import { element } from './element.ts';
import { fitRange, type RowRange } from './fitRange.ts';
import type { Position } from './host.ts';
import { RowPlaces } from './rowPlaces.ts';
import { Together } from './together.ts';

/** One row in the document. */
export interface Row {
  readonly element: HTMLElement;
  dispose(): void;
}

export interface RowSource {
  /** Makes the row of `key`. */
  build(key: string): Row;
  /** Roughly how high the row of `key` will be, in pixels. */
  estimate(key: string): number;
  /** The key of the row that shows what another one showed, if any does. */
  insteadOf(key: string): string | undefined;
  /** The reader has moved, or rows have changed their height. */
  onMoved(): void;
}

/** Pixels beyond the view that are kept in the document, where the reader is heading and where they come from. */
const marginAhead = 600;
const marginBehind = 250;
/** Rows beyond the view, but for the next one, stand in the document while it holds no more elements of rows than these. */
const mostElements = 500;
const endTolerance = 8;
/** Pixels left above a row that is brought to the top. */
const roomAbove = 8;

/**
 * A list of which only the rows near the view are in the document.
 *
 * The reader's place is a row and an offset into it (the anchor), or the end. Whatever changes, rows above
 * measured for the first time, older rows put before, a row that grows, the place is set again before the
 * next paint, so nothing moves under the reader.
 */
export class RowWindow {
  readonly scroller: HTMLElement;
  readonly #list: HTMLElement;
  readonly #above = element('div', { class: 'spacer' });
  readonly #below = element('div', { class: 'spacer' });
  readonly #source: RowSource;
  readonly #places = new RowPlaces();
  readonly #heights = this.#places.heights;
  readonly #rows = new Map<string, Row>();
  readonly #resized = new ResizeObserver((entries) => this.#measure(entries));
  #anchor: { key: string; offset: number } | undefined;
  readonly laying = new Together(() => this.#lay());
  /** Brings the rows near the view into the document and the reader to their place. */
  readonly render = (): void => this.laying.act();
  #isShown = false;
  /** Whether rows were changed while nobody saw them. */
  #isStale = true;
  #isFollowing = true;
  #ownScrollTop = -1;
  /** What is kept above and below the view; nothing until the view itself is painted and nothing else is to be done. */
  #margins: { readonly above: number; readonly below: number } | undefined;
  /** The height of the view in pixels when it was last measured; 0: not known. To ask for it lays the page out. */
  #view = 0;

  constructor(source: RowSource, label: string) {
    this.#source = source;
    this.#list = element('div', { class: 'rows' });
    this.scroller = element(
      'div',
      { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': label },
      this.#above,
      this.#list,
      this.#below,
    );
    this.scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#resized.observe(this.scroller);
  }

  dispose(): void {
    this.#resized.disconnect();
    for (const row of this.#rows.values()) row.dispose();
  }

  /** Whether the end stays in view while the list grows. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether the list is what the reader sees; only then it is laid out. */
  get isShown(): boolean {
    return this.#isShown;
  }

  get rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  /** The index of the first row in view; not one of which only the room above the next is seen. */
  get firstVisible(): number {
    return this.#heights.indexAt(this.scroller.scrollTop + roomAbove + 1);
  }

  get position(): Position {
    return { offset: 0, ...this.#anchor, atEnd: this.#isFollowing };
  }

  shown(): void {
    this.#isShown = true;
    if (this.#isStale) this.render();
    else this.#planWidening();
  }

  left(): void {
    this.#isShown = false;
    requestIdleCallback(() => this.#narrow());
  }

  setKeys(keys: readonly string[]): void {
    this.#places.set(keys, (key) => this.#source.estimate(key));
    for (const [key, row] of this.#rows) if (!this.#places.has(key)) this.#remove(key, row);
    const anchor = this.#anchor;
    const key = anchor && (this.#places.has(anchor.key) ? anchor.key : this.#source.insteadOf(anchor.key));
    if (anchor && key !== anchor.key) {
      this.#anchor = key === undefined ? undefined : { key, offset: Math.min(anchor.offset, 0) };
    }
    this.render();
  }

  /** Changes what rows there are, or what they show, while row `key` stays where it is. */
  hold(key: string, change: () => void): void {
    const index = this.#places.indexOf(key);
    if (index === undefined) return change();
    this.#isFollowing = false;
    this.#anchor = { key, offset: this.scroller.scrollTop - this.#heights.top(index) };
    change();
    this.#isFollowing = this.#end - this.scroller.scrollTop <= endTolerance;
    this.#source.onMoved();
  }

  /** What was measured of rows is true no longer, but for those in the document. */
  forget(keys: Iterable<string>): void {
    for (const key of keys) if (!this.#rows.has(key)) this.#places.forget(key);
  }

  /** Rows have other elements than before: as many stand in the document as there is room for. */
  fit(): void {
    // A reader who has scrolled meanwhile is heard of in a moment, and would be brought back here before.
    if (!this.#isScrolled) this.render();
  }

  #lay(): void {
    this.#isStale = !this.#isShown;
    if (this.#isStale) return;
    if (this.#places.keys.length === 0) {
      this.#setSpacers(0, -1);
      return;
    }
    // Rows measured for the first time may leave a gap that more rows must fill.
    for (let round = 0; round < 8; round += 1) {
      const [first, last] = this.#showWanted();
      if (this.#measureRows()) this.#setSpacers(first, last);
      this.#restore();
      const [nextFirst, nextLast] = this.#wantedRange();
      const isMore = first < nextFirst || last > nextLast;
      // What stands beyond is left where there is room for it: it will be wanted.
      if (nextFirst >= first && nextLast <= last && !(isMore && countIn(this.#list) > mostElements)) break;
    }
    this.#planWidening();
    this.#source.onMoved();
  }

  scrollToEnd(): void {
    this.#isFollowing = true;
    this.#anchor = undefined;
    this.render();
  }

  /** Shows row `key` at the top, `offset` pixels scrolled past; false if there is no such row. */
  scrollTo(key: string, offset = -roomAbove): boolean {
    if (!this.#places.has(key)) return false;
    this.#isFollowing = false;
    this.#anchor = { key, offset };
    this.render();
    // The end of the list may stand above the wanted place: the anchor is then what is really at the top.
    this.#takeAnchor();
    return true;
  }

  #planWidening(): void {
    if (this.#margins === undefined) requestIdleCallback(() => this.#widen(), { timeout: 200 });
  }

  /** The rows in view are there: those around them come too. */
  #widen(): void {
    if (!this.#isShown || this.#margins !== undefined || this.#isScrolled) return;
    this.#margins = marginsOf(-1);
    this.render();
  }

  /** Nobody sees the list: the rows around the view are given up, those in it may be wanted again at once. */
  #narrow(): void {
    if (this.#isShown || this.#margins === undefined) return;
    this.#margins = undefined;
    this.#showWanted();
  }

  /** Scrolls by so many pixels as the reader does, also right after a row has changed its height. */
  scrollBy(distance: number): void {
    this.#measureRows();
    this.scroller.scrollTop += distance;
    this.#scrolled();
  }

  #wantedRange(): RowRange {
    this.#view ||= this.scroller.clientHeight;
    const end = Math.max(0, this.#heights.total - this.#view);
    const top = Math.min(Math.max(0, this.#wantedTop() ?? end), end);
    const { above, below } = this.#margins ?? { above: 0, below: 0 };
    const at = (offset: number): number => this.#heights.indexAt(offset);
    return fitRange({
      view: [at(top), at(top + this.#view)],
      wanted: [at(top - above), at(top + this.#view + below)],
      goesUp: above > below,
      sizeOf: (index) => this.#places.sizeAt(index),
      room: mostElements,
    });
  }

  /** Where the view must begin; undefined: so that the end is in view. */
  #wantedTop(): number | undefined {
    if (this.#isFollowing) return undefined;
    const index = this.#anchor && this.#places.indexOf(this.#anchor.key);
    if (index === undefined || !this.#anchor) return this.scroller.scrollTop;
    return this.#heights.top(index) + this.#anchor.offset;
  }

  /** Brings the rows of the wanted range into the document, and no others; answers with that range. */
  #showWanted(): RowRange {
    const range = this.#wantedRange();
    this.#show(...range);
    this.#setSpacers(...range);
    return range;
  }

  #show(first: number, last: number): void {
    const wanted = new Set(this.#places.keys.slice(first, last + 1));
    for (const [key, row] of this.#rows) if (!wanted.has(key)) this.#remove(key, row);
    let before: Element | null = this.#list.firstElementChild;
    for (const key of wanted) {
      const present = this.#rows.get(key);
      if (present?.element === before && before) {
        before = before.nextElementSibling;
        continue;
      }
      const row = present ?? this.#source.build(key);
      this.#list.insertBefore(row.element, before);
      if (present) continue;
      this.#rows.set(key, row);
      row.element.dataset['rowKey'] = key;
      this.#resized.observe(row.element);
    }
  }

  #remove(key: string, row: Row): void {
    if (row.element.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    this.#resized.unobserve(row.element);
    row.element.remove();
    row.dispose();
    this.#rows.delete(key);
  }

  #setSpacers(first: number, last: number): void {
    this.#above.style.height = `${this.#heights.top(first)}px`;
    const below = last < 0 ? 0 : this.#heights.total - this.#heights.top(last + 1);
    this.#below.style.height = `${below}px`;
  }

  /** Rows that have grown are measured here, too: left to the observer, they would be laid out a second time. */
  #measureRows(): boolean {
    let changed = false;
    for (const [key, { element: row }] of this.#rows) {
      changed = this.#take(key, row.getBoundingClientRect().height) || changed;
      this.#places.count(key, countIn(row));
    }
    return changed;
  }

  #measure(entries: readonly ResizeObserverEntry[]): void {
    let changed = false;
    for (const { target, borderBoxSize } of entries) {
      const key = target instanceof HTMLElement ? target.dataset['rowKey'] : undefined;
      if (key === undefined) {
        this.#view = this.scroller.clientHeight;
        changed = true;
      } else if (this.#rows.has(key)) changed = this.#take(key, borderBoxSize[0]?.blockSize ?? 0) || changed;
    }
    if (changed) this.render();
  }

  #take(key: string, height: number): boolean {
    return this.#isShown && this.#places.measure(key, height);
  }

  #restore(): void {
    const end = this.#end;
    const top = Math.min(this.#wantedTop() ?? end, end);
    if (Math.abs(top - this.scroller.scrollTop) >= 0.5) this.scroller.scrollTop = top;
    this.#ownScrollTop = this.scroller.scrollTop;
  }

  /** How far the view can be scrolled. */
  get #end(): number {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  /** Whether the view stands elsewhere than it was brought to. */
  get #isScrolled(): boolean {
    return Math.abs(this.scroller.scrollTop - this.#ownScrollTop) >= 1;
  }

  #scrolled(): void {
    if (!this.#isScrolled) return;
    const distance = this.scroller.scrollTop - this.#ownScrollTop;
    this.#isFollowing = this.#end - this.scroller.scrollTop <= endTolerance;
    this.#takeAnchor();
    if (this.#margins !== undefined) this.#margins = marginsOf(distance);
    this.render();
  }

  /** Holds on to a row whose height is known: one that is new in view may turn out higher than it was taken for. */
  #takeAnchor(): void {
    const top = this.scroller.scrollTop;
    const first = this.firstVisible;
    const inView = this.#places.keys.slice(first, this.#heights.indexAt(top + this.#view) + 1);
    const known = inView.findIndex((key) => this.#places.isMeasured(key));
    const index = first + Math.max(0, known);
    const key = this.#places.keys[index];
    this.#anchor = key === undefined ? undefined : { key, offset: top - this.#heights.top(index) };
  }
}

/** What is kept around the view of a reader who goes up (negative) or down. */
function marginsOf(distance: number): { readonly above: number; readonly below: number } {
  return distance < 0
    ? { above: marginAhead, below: marginBehind }
    : { above: marginBehind, below: marginAhead };
}

/** Elements below another; the browser counts them anew only where they have changed. */
const countIn = (root: Element): number => root.getElementsByTagName('*').length;
