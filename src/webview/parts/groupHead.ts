import type { ToolEntry } from '../../protocol/page/entries.ts';
import { element, icon } from '../dom/element.ts';
import { groupWords } from './groupWords.ts';

/** The line above a group of calls: it says what they came to, and shows and hides them. */
export class GroupHead {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #words = element('span', { class: 'disclosure-label' });
  #calls: readonly ToolEntry[] | undefined;

  constructor(toggle: () => void) {
    this.#button = element(
      'button',
      { type: 'button', class: 'disclosure-button', 'data-testid': 'call-group', on: { click: toggle } },
      icon('chevron-right', 'chevron'),
      this.#words,
    );
    this.element = element('div', { class: 'call-group disclosure-head' }, this.#button);
  }

  show(calls: readonly ToolEntry[], isOpen: boolean): void {
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (calls === this.#calls) return;
    this.#calls = calls;
    const words = groupWords(calls);
    if (this.#words.textContent !== words) this.#words.textContent = words;
  }
}
