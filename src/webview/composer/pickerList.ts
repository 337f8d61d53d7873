import { l10n } from '../../core/l10n.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import { element } from '../dom/element.ts';

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  /** What it does, of one that is not for picking: it stands apart, whatever is looked for. */
  readonly run?: () => void;
}

export interface PickerListOptions {
  /** What is picked, e.g. "Agent". */
  readonly name: string;
  /** Of the list; what stands in it is called by it as well. */
  readonly id: string;
  readonly onPick: (item: PickerItem) => void;
}

/** The list of a picker, below the filter that steers it. */
export class PickerList {
  readonly #options: PickerListOptions;
  readonly #filter: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #none = element('p', {
    class: 'picker-none',
    role: 'status',
    text: l10n.t('No matches'),
    hidden: true,
  });
  #items: readonly PickerItem[] = [];
  #shown: readonly PickerItem[] = [];
  #selected: string | undefined;
  #active = 0;

  constructor(popup: HTMLElement, filter: HTMLInputElement, options: PickerListOptions) {
    this.#options = options;
    this.#filter = filter;
    this.#list = element('div', {
      class: 'picker-list',
      role: 'listbox',
      id: options.id,
      'aria-label': options.name,
    });
    filter.setAttribute('aria-controls', options.id);
    filter.setAttribute('aria-expanded', 'true');
    popup.append(this.#none, this.#list);
    filter.addEventListener('input', () => {
      this.#active = 0;
      this.#fill();
    });
  }

  /** Begins with what is selected, or with the first that passes what was typed already. */
  open(items: readonly PickerItem[], selected: string | undefined): void {
    const at = this.#filter.value === '' ? items.findIndex((item) => item.id === selected) : 0;
    this.#active = Math.max(0, at);
    this.show(items, selected);
  }

  show(items: readonly PickerItem[], selected: string | undefined): void {
    this.#items = items;
    this.#selected = selected;
    this.#fill();
  }

  takeKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#active = Math.min(Math.max(0, this.#active + step), this.#shown.length - 1);
      this.#fill();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const item = this.#shown[this.#active];
      if (item) this.#options.onPick(item);
    }
  }

  #fill(): void {
    const wanted = sameLetters(this.#filter.value.trim()).split(/\s+/);
    this.#shown = this.#items.filter(({ label, detail, run }) => {
      const text = sameLetters(`${label} ${detail ?? ''}`);
      return run !== undefined || wanted.every((word) => text.includes(word));
    });
    this.#active = Math.min(this.#active, Math.max(0, this.#shown.length - 1));
    this.#list.replaceChildren(...this.#shown.map((item, index) => this.#option(item, index)));
    this.#none.hidden = this.#shown.some(({ run }) => run === undefined);
    if (this.#shown.length === 0) this.#filter.removeAttribute('aria-activedescendant');
    else this.#filter.setAttribute('aria-activedescendant', `${this.#options.id}-${this.#active}`);
    this.#list.children[this.#active]?.scrollIntoView({ block: 'nearest' });
  }

  #option(item: PickerItem, index: number): HTMLElement {
    return element(
      'div',
      {
        class: classOf(item, index === this.#active),
        role: 'option',
        id: `${this.#options.id}-${index}`,
        'aria-selected': String(item.id === this.#selected),
        'data-id': item.id,
        // The pointer must not take the focus from the filter before the click is seen.
        on: {
          mousedown: (event: Event) => event.preventDefault(),
          click: () => this.#options.onPick(item),
        },
      },
      element('span', { class: 'option-label', text: item.label }),
      item.detail !== undefined && element('span', { class: 'option-description', text: item.detail }),
    );
  }
}

function classOf({ run }: PickerItem, isActive: boolean): string {
  return `picker-option${isActive ? ' active' : ''}${run ? ' apart' : ''}`;
}
