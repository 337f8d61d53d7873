import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';

export interface Match {
  readonly messageId: string;
  readonly partId: string;
  /** Which one it is in its part, from 0. */
  readonly occurrence: number;
}

export interface FindActions {
  /** Asks for the matches of a query; `found` brings them. */
  readonly find: (query: string, token: string) => void;
  /** Shows a match; undefined: there is none. */
  readonly go: (match: Match | undefined) => void;
  readonly closed: () => void;
}

const findDelay = 150;

/** Finds words in the whole transcript, also where it is not in the document. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #actions: FindActions;
  readonly #field: HTMLInputElement;
  readonly #count = element('span', { class: 'find-count', role: 'status' });
  #matches: readonly Match[] = [];
  #isMore = false;
  #at = 0;
  #tokens = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: FindActions) {
    this.#actions = actions;
    this.#field = element('input', {
      type: 'text',
      placeholder: l10n.t('Find in the transcript'),
      'aria-label': l10n.t('Find in the transcript'),
      'data-testid': 'find-field',
      on: { input: () => this.#search(), keydown: (event: KeyboardEvent) => this.#keydown(event) },
    });
    this.element = element(
      'div',
      { class: 'find', role: 'search', hidden: true },
      this.#field,
      this.#count,
      iconButton({ label: l10n.t('Previous Match'), icon: 'arrow-up', run: () => this.#step(-1) }),
      iconButton({ label: l10n.t('Next Match'), icon: 'arrow-down', run: () => this.#step(1) }),
      iconButton({ label: l10n.t('Close'), icon: 'close', run: () => this.close() }),
    );
  }

  /** The words that are looked for. */
  get query(): string {
    return this.#field.value.trim();
  }

  /** The match that was gone to last. */
  get current(): Match | undefined {
    return this.#matches[this.#at];
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(): void {
    this.element.hidden = false;
    this.#field.select();
    this.#field.focus();
    this.#search();
  }

  close(): void {
    this.element.hidden = true;
    this.#matches = [];
    this.#actions.closed();
  }

  /** Takes the matches of the last search, oldest first; begins with the newest. */
  found(token: string, matches: readonly Match[], isMore = false): void {
    if (token !== this.#token() || !this.isOpen) return;
    this.#matches = matches;
    this.#isMore = isMore;
    this.#at = Math.max(0, matches.length - 1);
    this.#go();
  }

  #token(): string {
    return `find-${this.#tokens}`;
  }

  #search(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#tokens += 1;
      const { query } = this;
      if (query === '') this.found(this.#token(), []);
      else this.#actions.find(query, this.#token());
    }, findDelay);
  }

  #step(by: number): void {
    if (this.#matches.length === 0) return;
    this.#at = (this.#at + by + this.#matches.length) % this.#matches.length;
    this.#go();
  }

  #go(): void {
    const { current, query } = this;
    const total = this.#isMore ? `${this.#matches.length}+` : String(this.#matches.length);
    if (current) this.#count.textContent = l10n.t('{0} of {1}', this.#at + 1, total);
    else this.#count.textContent = query === '' ? '' : l10n.t('No matches');
    this.#actions.go(current);
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter') this.#step(event.shiftKey ? 1 : -1);
    else return;
    event.preventDefault();
  }
}
