import { l10n } from '../../core/l10n.ts';
import type { Fold } from './compactionFolds.ts';
import { element, icon } from '../dom/element.ts';

/** Says how many messages a compaction took from the model, and shows and hides them. */
export class FoldButton {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #words = element('span');

  constructor(toggle: () => void) {
    this.#button = element(
      'button',
      { type: 'button', class: 'disclosure-button', 'data-testid': 'fold', on: { click: toggle } },
      icon('chevron-right', 'chevron'),
      this.#words,
    );
    this.element = element('div', { class: 'fold' }, this.#button);
  }

  show(fold: Fold): void {
    this.#words.textContent = words(fold);
    this.#button.setAttribute('aria-expanded', String(!fold.isFolded));
  }
}

function words({ count, isMore }: Fold): string {
  if (count === undefined) return l10n.t('The messages before this were compacted');
  if (isMore) return l10n.t('More than {0} messages before this were compacted', count);
  return count === 1
    ? l10n.t('1 message before this was compacted')
    : l10n.t('{0} messages before this were compacted', count);
}
