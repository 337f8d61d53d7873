import { l10n } from '../../core/l10n.ts';
import { element, icon } from '../dom/element.ts';

/** Takes the reader back to the end, and says how many messages came there meanwhile. */
export class EndButton {
  readonly element: HTMLButtonElement;
  readonly #label = element('span');
  #count = -1;

  constructor(run: () => void) {
    this.element = element(
      'button',
      {
        type: 'button',
        class: 'jump-to-end',
        'data-testid': 'jump-to-end',
        hidden: true,
        on: { click: run },
      },
      icon('arrow-down'),
      this.#label,
    );
  }

  show(isAway: boolean, count: number): void {
    if (this.element.hidden === isAway) this.element.hidden = !isAway;
    if (count === this.#count) return;
    this.#count = count;
    this.#label.textContent = count === 0 ? '' : String(count);
    const label = count === 0 ? l10n.t('Jump to the end') : l10n.t('Jump to the end, {0} new', count);
    this.element.setAttribute('aria-label', label);
    this.element.title = label;
  }
}
