import { l10n } from '../core/l10n.ts';
import { element, iconButton, textButton } from './element.ts';

export interface OutlineItem {
  readonly messageId: string;
  readonly text: string;
}

/** How many prompts stand in the list at once. */
const listed = 120;

/** The person's prompts, to go to one of them; a filter and two buttons reach those that are not listed. */
export class Outline {
  readonly element: HTMLElement;
  readonly #filter: HTMLInputElement;
  readonly #list = element('div', { class: 'outline-list', role: 'list' });
  readonly #onGo: (messageId: string) => void;
  #items: readonly OutlineItem[] = [];
  #current: string | undefined;
  /** The index of the first prompt listed, among those that pass the filter. */
  #from = 0;

  constructor(onGo: (messageId: string) => void) {
    this.#onGo = onGo;
    this.#filter = element('input', {
      type: 'text',
      placeholder: l10n.t('Find a prompt'),
      'aria-label': l10n.t('Find a prompt'),
      on: {
        input: () => {
          this.#from = Math.max(0, this.#matching().length - listed);
          this.#fill();
        },
      },
    });
    this.element = element(
      'aside',
      { class: 'outline', 'aria-label': l10n.t('Outline'), 'data-testid': 'outline-list', hidden: true },
      element(
        'div',
        { class: 'outline-head' },
        this.#filter,
        iconButton({ label: l10n.t('Close'), icon: 'close', run: () => this.close() }),
      ),
      this.#list,
    );
    this.element.addEventListener('keydown', (event) => this.#keydown(event));
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  close(): void {
    this.element.hidden = true;
    this.#list.replaceChildren();
  }

  /** Shows the prompts around the one that the reader is at. */
  open(items: readonly OutlineItem[], current: string | undefined): void {
    this.element.hidden = false;
    this.#items = items;
    this.#current = current;
    this.#filter.value = '';
    const at = items.findLastIndex(({ messageId }) => current !== undefined && messageId <= current);
    this.#from = Math.max(0, Math.min(at - listed / 2, items.length - listed));
    this.#fill();
    const shown = this.#list.querySelector<HTMLElement>('.current') ?? this.#filter;
    shown.focus();
  }

  #matching(): readonly OutlineItem[] {
    const wanted = this.#filter.value.trim().toLowerCase();
    return this.#items.filter(({ text }) => text.toLowerCase().includes(wanted));
  }

  #fill(): void {
    const items = this.#matching();
    const end = this.#from + listed;
    this.#list.replaceChildren(...items.slice(this.#from, end).map((item) => this.#item(item)));
    if (this.#from > 0) this.#list.prepend(this.#turner(l10n.t('Earlier Prompts'), -listed));
    if (end < items.length) this.#list.append(this.#turner(l10n.t('Later Prompts'), listed));
    if (items.length === 0) this.#list.append(element('p', { text: l10n.t('There is no such prompt.') }));
  }

  #item({ messageId, text }: OutlineItem): HTMLElement {
    const isCurrent = messageId === this.#current;
    return element(
      'div',
      { role: 'listitem' },
      element('button', {
        type: 'button',
        class: isCurrent ? 'outline-item current' : 'outline-item',
        'aria-current': isCurrent ? 'true' : undefined,
        title: text.slice(0, 500),
        text: text.slice(0, 200).split('\n', 1)[0],
        on: { click: () => this.#onGo(messageId) },
      }),
    );
  }

  #turner(label: string, by: number): HTMLElement {
    const run = (): void => {
      this.#from = Math.max(0, this.#from + by);
      this.#fill();
      this.#list.querySelector('button')?.focus();
    };
    return element('div', { role: 'listitem' }, textButton({ label, class: 'link', run }));
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...this.#list.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)];
    event.preventDefault();
    next?.focus();
  }
}
