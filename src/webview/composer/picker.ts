import { l10n } from '../../core/l10n.ts';
import { element, icon } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import { write } from '../dom/writing.ts';
import type { PickerItem, PickerList } from './pickerList.ts';

export interface PickerOptions {
  /** What is picked, e.g. "Agent". */
  readonly name: string;
  readonly icon?: string;
  readonly testId: string;
  readonly filterLabel: string;
  readonly onPick: (id: string) => void;
  /** Leads a person who did not come from its button to where they write. */
  readonly goOn: () => void;
}

const lists = new Late(
  () => import('./pickerList.ts'),
  () => l10n.t('The list could not be loaded. Reload the window.'),
);

let pickers = 0;

/** A button that opens a list to pick from, with a filter; by keyboard as a combo box. */
export class Picker {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #current = element('span', { class: 'picker-current' });
  readonly #popup: HTMLElement;
  readonly #filter: HTMLInputElement;
  readonly #options: PickerOptions;
  readonly #id = `picker-${(pickers += 1)}`;
  #list: PickerList | undefined;
  /** Keys for the list that came before it. */
  #early: readonly KeyboardEvent[] = [];
  #items: readonly PickerItem[] = [];
  #selected: string | undefined;
  /** It is to be opened, and there is nothing in it yet. */
  #isWanted = false;
  /** It was opened from elsewhere, by a command. */
  #isCalled = false;

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
    this.#filter = element('input', {
      type: 'text',
      class: 'picker-filter',
      placeholder: options.filterLabel,
      'aria-label': options.filterLabel,
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-autocomplete': 'list',
      on: { keydown: (event: KeyboardEvent) => this.#keydown(event) },
    });
    this.#popup = element('div', { class: 'picker-popup', hidden: true }, this.#filter);
    this.element = element('div', { class: 'picker' }, this.#button, this.#popup);
    this.element.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.element.contains(event.relatedTarget))
        this.#close();
    });
  }

  /**
   * Offers `items`; the button is away while there is nothing to pick from. `awaited` stands on it while nobody knows yet,
   * so that it has its place from the start.
   */
  show(items: readonly PickerItem[], selected: string | undefined, awaited?: string): void {
    this.#items = items;
    this.#selected = selected;
    this.element.hidden = items.length === 0 && awaited === undefined;
    this.#button.disabled = items.length === 0;
    const name = awaited ?? selected ?? this.#options.name;
    const current = items.find((item) => item.id === selected)?.label ?? name;
    if (this.#current.textContent !== current) {
      this.#current.textContent = current;
      this.#button.setAttribute('aria-label', `${this.#options.name}: ${current}`);
      this.#button.title = `${this.#options.name}: ${current}`;
    }
    if (!this.#popup.hidden) this.#list?.show(items, selected);
    else if (this.#isWanted && awaited === undefined) this.open();
  }

  /**
   * Shows the list, with the cursor in its filter; one that is still awaited opens once it is there. It leads back to what
   * is written: who asks for it is not at its button.
   */
  open(): void {
    this.#isWanted = this.#button.disabled && !this.element.hidden;
    if (this.#button.disabled) return;
    this.#open();
    this.#isCalled = true;
  }

  #toggle(): void {
    if (this.#popup.hidden) this.#open();
    else this.#close();
  }

  #open(event?: Event): void {
    event?.preventDefault();
    this.#isCalled = false;
    this.#popup.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#early = [];
    this.#filter.focus();
    write(this.#filter, '', 0, this.#filter.value.length);
    lists.use(
      ({ PickerList: Made }) => {
        this.#list ??= new Made(this.#popup, this.#filter, {
          name: this.#options.name,
          id: this.#id,
          onPick: (item) => this.#pick(item),
        });
        if (!this.#popup.hidden) this.#fill(this.#list);
      },
      () => this.#close(),
    );
  }

  #fill(list: PickerList): void {
    list.open(this.#items, this.#selected);
    const early = this.#early;
    this.#early = [];
    for (const event of early) list.takeKey(event);
  }

  #close(): void {
    this.#popup.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      this.#leave();
    } else if (this.#list !== undefined) this.#list.takeKey(event);
    else this.#early = [...this.#early, event];
  }

  #pick({ id, run }: PickerItem): void {
    this.#close();
    this.#leave();
    if (run) run();
    else this.#options.onPick(id);
  }

  #leave(): void {
    if (this.#isCalled) this.#options.goOn();
    else this.#button.focus();
  }
}
