import { l10n } from '../../core/l10n.ts';
import type { Announcer } from '../dom/announcer.ts';
import { element } from '../dom/element.ts';

/** So long a second Escape goes with the first, in milliseconds. */
const moment = 2500;

/** Says that another Escape stops the run. Only while that stands does one stop it. */
export class StopHint {
  readonly element = element('div', { class: 'stop-hint', 'data-testid': 'stop-hint', hidden: true });
  readonly #announcer: Announcer;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(announcer: Announcer) {
    this.#announcer = announcer;
  }

  get isShown(): boolean {
    return !this.element.hidden;
  }

  show(): void {
    const words = l10n.t('Escape again stops the run.');
    this.element.textContent = words;
    this.element.hidden = false;
    this.#announcer.say(words);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), moment);
  }

  hide(): void {
    this.element.hidden = true;
    clearTimeout(this.#timer);
  }
}
