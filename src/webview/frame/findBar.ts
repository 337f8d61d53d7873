import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';
import { host } from '../dom/host.ts';
import type { InView } from '../messages/keptViews.ts';
import { clearFound, markFound, placeOfFound } from './foundWords.ts';

interface Match {
  readonly messageId: string;
  readonly partId: string;
  /** Which one it is in its part, from 0. */
  readonly occurrence: number;
}

const findDelay = 150;

/**
 * Finds words in the whole transcript, also where it is not in the document, and marks those that are; with what stands
 * beside the field that they are typed into.
 */
export class FindBar {
  readonly #element: HTMLElement;
  readonly #inView: InView;
  readonly #field: HTMLInputElement;
  readonly #count = element('span', { class: 'find-count', role: 'status' });
  #matches: readonly Match[] = [];
  #isMore = false;
  #at = 0;
  #tokens = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isMarking = false;

  constructor(inView: InView, bar: HTMLElement, field: HTMLInputElement, close: () => void) {
    this.#inView = inView;
    this.#element = bar;
    this.#field = field;
    field.addEventListener('input', () => this.search());
    field.addEventListener('keydown', (event) => this.#keydown(event));
    bar.append(
      this.#count,
      iconButton({ label: l10n.t('Previous Match'), icon: 'arrow-up', run: () => this.#step(-1) }),
      iconButton({ label: l10n.t('Next Match'), icon: 'arrow-down', run: () => this.#step(1) }),
      iconButton({ label: l10n.t('Close'), icon: 'close', run: close }),
    );
  }

  /** Forgets what was found. */
  leave(): void {
    this.#matches = [];
    clearFound();
  }

  /** Looks for what stands in the field, once nothing more is typed. */
  search(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#tokens += 1;
      const query = this.#query;
      const token = this.#token();
      if (query === '') this.found(token, []);
      else host.post({ type: 'find', sessionId: this.#inView.sessionId, query, token });
    }, findDelay);
  }

  /** Takes the matches of the last search, oldest first; begins with the newest. */
  found(token: string, matches: readonly Match[], isMore = false): void {
    if (token !== this.#token() || !this.#isOpen) return;
    this.#matches = matches;
    this.#isMore = isMore;
    this.#at = Math.max(0, matches.length - 1);
    this.#go();
  }

  /** A match in a message that was not here is gone to once it is; false: no match in this message was. */
  goOn(messageId: string): boolean {
    const isAwaited = this.#isOpen && this.#current?.messageId === messageId;
    if (isAwaited) this.#show();
    return isAwaited;
  }

  /** Marks what is looked for in the rows that are there, at most once a frame. */
  mark(): void {
    if (this.#isMarking || !this.#isOpen) return;
    this.#isMarking = true;
    requestAnimationFrame(() => {
      this.#isMarking = false;
      const view = this.#isOpen ? this.#inView.current : undefined;
      if (view) markFound(view.element, this.#query, this.#current);
    });
  }

  get #isOpen(): boolean {
    return !this.#element.hidden;
  }

  /** The words that are looked for. */
  get #query(): string {
    return this.#field.value.trim();
  }

  /** The match that was gone to last. */
  get #current(): Match | undefined {
    return this.#matches[this.#at];
  }

  #token(): string {
    return `find-${this.#tokens}`;
  }

  #step(by: number): void {
    if (this.#matches.length === 0) return;
    this.#at = (this.#at + by + this.#matches.length) % this.#matches.length;
    this.#go();
  }

  #go(): void {
    const total = this.#isMore ? `${this.#matches.length}+` : String(this.#matches.length);
    if (this.#current) this.#count.textContent = l10n.t('{0} of {1}', this.#at + 1, total);
    else this.#count.textContent = this.#query === '' ? '' : l10n.t('No matches');
    this.#show();
  }

  #show(): void {
    const match = this.#current;
    const { current: view } = this.#inView;
    if (match !== undefined) {
      const { messageId, partId, occurrence } = match;
      view?.revealPart(messageId, partId, (part) => {
        view.bringIntoView(placeOfFound(part, this.#query, occurrence));
        this.mark();
      });
    }
    this.mark();
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    this.#step(event.shiftKey ? 1 : -1);
    event.preventDefault();
  }
}
