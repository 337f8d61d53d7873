import { element, icon } from '../dom/element.ts';
import type { PartSurroundings } from './partView.ts';

export interface DisclosureOptions {
  readonly class: string;
  /** The part whose body it is: whether the reader has opened or closed it is remembered with it. */
  readonly partId: string;
  /** Whether it is open where the reader has done neither; closed if left out. */
  readonly opensByItself?: boolean;
  /** Fills the body when it is shown for the first time. */
  readonly fill: (body: HTMLElement) => void;
}

/** A head that shows and hides a body. The body is made when it is first wanted. */
export class Disclosure {
  readonly element: HTMLElement;
  /** What the button says. */
  readonly label = element('span', { class: 'disclosure-label' });
  /** Beside the button: links and actions of their own. */
  readonly aside = element('span', { class: 'disclosure-aside' });
  readonly body = element('div', { class: 'disclosure-body' });
  readonly #button: HTMLButtonElement;
  readonly #options: DisclosureOptions;
  readonly #expanded: PartSurroundings['expanded'];
  #isFilled = false;

  constructor({ expanded }: PartSurroundings, options: DisclosureOptions) {
    this.#options = options;
    this.#expanded = expanded;
    this.#button = element(
      'button',
      { type: 'button', class: 'disclosure-button', on: { click: () => this.#toggle() } },
      icon('chevron-right', 'chevron'),
      this.label,
    );
    this.element = element(
      'div',
      { class: `disclosure ${options.class}` },
      element('div', { class: 'disclosure-head' }, this.#button, this.aside),
      this.body,
    );
    this.#show(expanded.get(options.partId, options.opensByItself ?? false));
  }

  get isOpen(): boolean {
    return !this.body.hidden;
  }

  /** Makes the body again, at once if it is open. */
  refill(): void {
    this.#isFilled = false;
    if (this.isOpen) this.#show(true);
  }

  open(): void {
    this.#show(true);
  }

  close(): void {
    this.#show(false);
  }

  #toggle(): void {
    this.#show(!this.isOpen);
    this.#expanded.set(this.#options.partId, this.isOpen);
  }

  #show(isOpen: boolean): void {
    this.body.hidden = !isOpen;
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen || this.#isFilled) return;
    this.#isFilled = true;
    this.body.replaceChildren();
    this.#options.fill(this.body);
  }
}
