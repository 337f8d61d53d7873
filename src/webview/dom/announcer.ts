import { element } from './element.ts';

/** Says things to screen readers: what has settled politely, what waits for an answer at once. */
export class Announcer {
  readonly element: HTMLElement;
  readonly #polite = element('div', { 'aria-live': 'polite', role: 'status' });
  readonly #assertive = element('div', { 'aria-live': 'assertive', role: 'alert' });

  constructor() {
    this.element = element('div', { class: 'visually-hidden' }, this.#polite, this.#assertive);
  }

  say(words: string): void {
    this.#polite.textContent = words;
  }

  interrupt(words: string): void {
    this.#assertive.textContent = words;
  }
}
