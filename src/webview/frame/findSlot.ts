import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import type { InView } from '../messages/keptViews.ts';
import type { FindBar } from './findBar.ts';

const finding = new Late(
  () => import('./findBar.ts'),
  () => l10n.t('The search could not be loaded. Reload the window.'),
);

/**
 * Where words are looked for: the field alone, until the search itself is loaded. So it opens at once, and what is
 * typed meanwhile stands in it.
 */
export class FindSlot {
  readonly element: HTMLElement;
  readonly #inView: InView;
  readonly #field: HTMLInputElement;
  #bar: FindBar | undefined;

  constructor(inView: InView) {
    this.#inView = inView;
    this.#field = element('input', {
      type: 'text',
      placeholder: l10n.t('Find in the transcript'),
      'aria-label': l10n.t('Find in the transcript'),
      'data-testid': 'find-field',
      on: { keydown: (event: KeyboardEvent) => this.#keydown(event) },
    });
    this.element = element('div', { class: 'find', role: 'search', hidden: true }, this.#field);
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(): void {
    this.element.hidden = false;
    this.#field.select();
    this.#field.focus();
    finding.use(
      ({ FindBar: Bar }) => {
        this.#bar ??= new Bar(this.#inView, this.element, this.#field, () => this.close());
        if (this.isOpen) this.#bar.search();
      },
      () => this.isOpen && this.close(),
    );
  }

  close(): void {
    this.element.hidden = true;
    this.#bar?.leave();
    this.#inView.current?.focus();
  }

  found(...found: Parameters<FindBar['found']>): void {
    this.#bar?.found(...found);
  }

  /** A match in a message that was not here is gone to once it is; false: no match in this message was. */
  goOn(messageId: string): boolean {
    return this.#bar?.goOn(messageId) ?? false;
  }

  /** Marks what is looked for in the rows that are there. */
  mark(): void {
    this.#bar?.mark();
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    this.close();
    event.preventDefault();
  }
}
