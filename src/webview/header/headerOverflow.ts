import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';

/** As wide as the longest figures leave the title its room beside them. */
const narrow = '(max-width: 799px)';
/** Here how many lines changed has no room either. */
const veryNarrow = '(max-width: 559px)';
/** Here what the session does could not be read beside its title. */
const narrowest = '(max-width: 640px)';

/** Where there is no room for all in one line, what is wanted less stands in a panel behind a button. */
export class HeaderOverflow {
  readonly panel = element('div', { class: 'header-panel', id: 'header-panel', hidden: true });
  readonly button = iconButton({
    label: l10n.t('More of the Session'),
    icon: 'ellipsis',
    testId: 'header-more',
    run: () => (this.panel.hidden ? this.#open() : this.close()),
  });
  readonly #narrow = matchMedia(narrow);
  readonly #veryNarrow = matchMedia(veryNarrow);
  readonly #narrowest = matchMedia(narrowest);

  /** `layOut` is called whenever there comes to be room for all in a line, or no longer is. */
  constructor(layOut: () => void) {
    this.button.setAttribute('aria-controls', this.panel.id);
    this.button.setAttribute('aria-expanded', 'false');
    this.button.addEventListener('keydown', this.#keydown);
    this.panel.addEventListener('keydown', this.#keydown);
    for (const query of [this.#narrow, this.#veryNarrow, this.#narrowest]) {
      query.addEventListener('change', () => {
        this.close();
        layOut();
      });
    }
  }

  get isNarrow(): boolean {
    return this.#narrow.matches;
  }

  get isVeryNarrow(): boolean {
    return this.#veryNarrow.matches;
  }

  get isNarrowest(): boolean {
    return this.#narrowest.matches;
  }

  close(): void {
    if (this.panel.hidden) return;
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', this.#leave);
    if (hadFocus) this.button.focus();
  }

  #open(): void {
    this.panel.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', this.#leave);
  }

  readonly #leave = ({ target }: Event): void => {
    const isOurs = target instanceof Node && (this.panel.contains(target) || this.button.contains(target));
    if (!isOurs) this.close();
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.panel.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };
}
