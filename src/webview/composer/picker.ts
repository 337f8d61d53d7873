import { l10n } from '../../core/l10n.ts';
import { element, icon } from '../dom/element.ts';

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

export interface PickerOptions {
  /** What is picked, e.g. "Agent". */
  readonly name: string;
  readonly icon?: string;
  readonly testId: string;
  readonly filterLabel: string;
  readonly onPick: (id: string) => void;
}

let pickers = 0;

/** A button that opens a list to pick from, with a filter; by keyboard as a combo box. */
export class Picker {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #current = element('span', { class: 'picker-current' });
  readonly #popup: HTMLElement;
  readonly #filter: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #none = element('p', {
    class: 'picker-none',
    role: 'status',
    text: l10n.t('No matches'),
    hidden: true,
  });
  readonly #options: PickerOptions;
  readonly #id = `picker-${(pickers += 1)}`;
  #items: readonly PickerItem[] = [];
  #shown: readonly PickerItem[] = [];
  #selected: string | undefined;
  #active = 0;

  constructor(options: PickerOptions) {
    this.#options = options;
    this.#button = element(
      'button',
      {
        type: 'button',
        class: 'picker-button',
        'aria-haspopup': 'listbox',
        'aria-expanded': 'false',
        'data-testid': options.testId,
        on: {
          click: () => this.#toggle(),
          keydown: (event: KeyboardEvent) => {
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.#open(event);
          },
        },
      },
      options.icon !== undefined && icon(options.icon),
      this.#current,
      icon('chevron-down', 'chevron'),
    );
    this.#filter = this.#makeFilter();
    this.#list = element('div', {
      class: 'picker-list',
      role: 'listbox',
      id: this.#id,
      'aria-label': options.name,
    });
    this.#popup = element(
      'div',
      { class: 'picker-popup', hidden: true },
      this.#filter,
      this.#list,
      this.#none,
    );
    this.element = element('div', { class: 'picker' }, this.#button, this.#popup);
    this.element.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.element.contains(event.relatedTarget))
        this.#close();
    });
  }

  /** Offers `items`; the button is away while there is nothing to pick from. */
  show(items: readonly PickerItem[], selected: string | undefined): void {
    this.#items = items;
    this.#selected = selected;
    this.element.hidden = items.length === 0;
    const current = items.find((item) => item.id === selected)?.label ?? selected ?? this.#options.name;
    if (this.#current.textContent !== current) {
      this.#current.textContent = current;
      this.#button.setAttribute('aria-label', `${this.#options.name}: ${current}`);
      this.#button.title = `${this.#options.name}: ${current}`;
    }
    if (!this.#popup.hidden) this.#fill();
  }

  #makeFilter(): HTMLInputElement {
    return element('input', {
      type: 'text',
      class: 'picker-filter',
      placeholder: this.#options.filterLabel,
      'aria-label': this.#options.filterLabel,
      role: 'combobox',
      'aria-expanded': 'true',
      'aria-controls': this.#id,
      'aria-autocomplete': 'list',
      on: {
        input: () => {
          this.#active = 0;
          this.#fill();
        },
        keydown: (event: KeyboardEvent) => this.#keydown(event),
      },
    });
  }

  /** Shows the list, with the cursor in its filter. */
  open(): void {
    if (!this.element.hidden) this.#open();
  }

  #toggle(): void {
    if (this.#popup.hidden) this.#open();
    else this.#close();
  }

  #open(event?: Event): void {
    event?.preventDefault();
    this.#popup.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#filter.value = '';
    this.#active = Math.max(
      0,
      this.#items.findIndex((item) => item.id === this.#selected),
    );
    this.#fill();
    this.#filter.focus();
  }

  #close(): void {
    this.#popup.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  #fill(): void {
    const wanted = this.#filter.value.trim().toLowerCase().split(/\s+/);
    this.#shown = this.#items.filter(({ label, detail }) => {
      const text = `${label} ${detail ?? ''}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
    this.#active = Math.min(this.#active, Math.max(0, this.#shown.length - 1));
    this.#list.replaceChildren(...this.#shown.map((item, index) => this.#option(item, index)));
    this.#none.hidden = this.#shown.length > 0;
    if (this.#shown.length === 0) this.#filter.removeAttribute('aria-activedescendant');
    else this.#filter.setAttribute('aria-activedescendant', `${this.#id}-${this.#active}`);
    this.#list.children[this.#active]?.scrollIntoView({ block: 'nearest' });
  }

  #option(item: PickerItem, index: number): HTMLElement {
    return element(
      'div',
      {
        class: index === this.#active ? 'picker-option active' : 'picker-option',
        role: 'option',
        id: `${this.#id}-${index}`,
        'aria-selected': String(item.id === this.#selected),
        'data-id': item.id,
        // The pointer must not take the focus from the filter before the click is seen.
        on: { mousedown: (event: Event) => event.preventDefault(), click: () => this.#pick(item.id) },
      },
      element('span', { class: 'option-label', text: item.label }),
      item.detail !== undefined && element('span', { class: 'option-description', text: item.detail }),
    );
  }

  #keydown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#active = Math.min(Math.max(0, this.#active + step), this.#shown.length - 1);
      this.#fill();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const item = this.#shown[this.#active];
      if (item) this.#pick(item.id);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      this.#button.focus();
    }
  }

  #pick(id: string): void {
    this.#close();
    this.#button.focus();
    this.#options.onPick(id);
  }
}
