import { element } from './element.ts';

/**
 * Where a session is shown, or a notice in its place. The other sessions stay beside it as they are laid out, but neither
 * painted nor told to anybody: to show one again costs no layout.
 */
export class Stage {
  readonly element = element('main', { class: 'stage' });
  #shown: Element | undefined;

  /** Shows `next` alone; false if it is what is shown. */
  show(next: HTMLElement): boolean {
    if (next === this.#shown) return false;
    if (this.#shown?.classList.contains('notice') === true) this.#shown.remove();
    this.#shown?.classList.add('kept');
    next.classList.remove('kept');
    if (next.parentNode === null) this.element.append(next);
    this.#shown = next;
    return true;
  }
}
