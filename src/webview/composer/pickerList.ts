import { l10n } from '../../core/l10n.ts';
import { formatCost, formatTokens } from '../../core/figures.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import type { ModelChoice } from '../../protocol/page/composer.ts';
import { element, icon } from '../dom/element.ts';

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** The heading that it stands under; those of one group follow each other. */
  readonly group?: string | undefined;
  /** What it is found by beside what is seen of it. */
  readonly words?: string | undefined;
  /** What a pointer is told that rests on it. */
  readonly title?: string | undefined;
  /** What it tells of itself, where it is a model. */
  readonly model?: ModelChoice;
  /** What it does, of one that is not for picking: it stands apart, whatever is looked for. */
  readonly run?: (() => void) | undefined;
}

export interface PickerListOptions {
  /** What is picked, e.g. "Agent". */
  readonly name: string;
  /** Of the list; what stands in it is called by it as well. */
  readonly id: string;
  readonly onPick: (item: PickerItem) => void;
}

/** An item with what stands for it in the list. */
interface Option {
  readonly item: PickerItem;
  readonly element: HTMLElement;
  /** What is looked through, in small letters. */
  readonly text: string;
}

/** The list of a picker, below the filter that steers it. Its rows are made once; a key only hides and marks them. */
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
  #rows: readonly Option[] = [];
  #groups: readonly HTMLElement[] = [];
  #shown: readonly Option[] = [];
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
      this.#sift();
    });
  }

  /** Begins with what is selected, or with the first that passes what was typed already. */
  open(items: readonly PickerItem[], selected: string | undefined): void {
    this.#active = 0;
    this.show(items, selected);
    if (this.#filter.value !== '') return;
    this.#mark(this.#rows.findIndex(({ item }) => item.id === selected));
  }

  show(items: readonly PickerItem[], selected: string | undefined): void {
    const told = items.map((item) => (item.model ? modelItem(item, item.model) : item));
    // What stands in one group stands together, in the order in which the groups begin.
    const ordered = [...Map.groupBy(told, ({ group }) => group).values()].flat();
    this.#rows = ordered.map((item, index) => ({
      item,
      element: this.#row(item, index, item.id === selected),
      text: sameLetters(`${item.label} ${item.detail ?? ''} ${item.words ?? ''}`),
    }));
    const groups = Map.groupBy(this.#rows, ({ item }) => item.group);
    const nodes = [...groups].flatMap(([name, rows]) => groupNodes(name, rows));
    this.#groups = nodes.filter(({ role }) => role === 'group');
    this.#list.replaceChildren(...nodes);
    this.#sift();
  }

  takeKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#mark(this.#active + step);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const active = this.#shown[this.#active];
      if (active) this.#options.onPick(active.item);
    }
  }

  /** Shows what passes the filter. */
  #sift(): void {
    const wanted = sameLetters(this.#filter.value.trim()).split(/\s+/);
    for (const { item, element: row, text } of this.#rows) {
      row.hidden = item.run === undefined && !wanted.every((word) => text.includes(word));
      row.classList.remove('active');
    }
    this.#shown = this.#rows.filter(({ element: row }) => !row.hidden);
    for (const group of this.#groups)
      group.hidden = group.querySelector('[role=option]:not([hidden])') === null;
    this.#none.hidden = this.#shown.some(({ item }) => item.run === undefined);
    this.#mark(this.#active);
  }

  #mark(wanted: number): void {
    this.#shown[this.#active]?.element.classList.remove('active');
    this.#active = Math.max(0, Math.min(wanted, this.#shown.length - 1));
    const row = this.#shown[this.#active]?.element;
    row?.classList.add('active');
    row?.scrollIntoView({ block: 'nearest' });
    if (row === undefined) this.#filter.removeAttribute('aria-activedescendant');
    else this.#filter.setAttribute('aria-activedescendant', row.id);
  }

  #row(item: PickerItem, index: number, isSelected: boolean): HTMLElement {
    return element(
      'div',
      {
        class: item.run ? 'picker-option apart' : 'picker-option',
        role: 'option',
        id: `${this.#options.id}-${index}`,
        title: item.title,
        'aria-selected': String(isSelected),
        'data-id': item.id,
        // The pointer must not take the focus from the filter before the click is seen.
        on: {
          mousedown: (event: Event) => event.preventDefault(),
          click: () => this.#options.onPick(item),
        },
      },
      item.run === undefined && icon(isSelected ? 'check' : 'blank'),
      element('span', { class: 'option-label', text: item.label }),
      item.detail !== undefined && element('span', { class: 'option-description', text: item.detail }),
    );
  }
}

/** The rows of a group below its heading, or alone where they have none. */
function groupNodes(name: string | undefined, rows: readonly Option[]): readonly HTMLElement[] {
  const elements = rows.map(({ element: row }) => row);
  if (name === undefined) return elements;
  const heading = element('div', { class: 'picker-heading', 'aria-hidden': 'true', text: name });
  return [element('div', { role: 'group', 'aria-label': name }, heading, ...elements)];
}

/** What is said of a model in the list. */
function modelItem(item: PickerItem, model: ModelChoice): PickerItem {
  const { name, provider, isRecent = false } = model;
  const facts = describeModel(model);
  return {
    ...item,
    group: isRecent ? l10n.t('Recently Used') : provider,
    detail: isRecent ? [provider, facts].join(' · ') : facts,
    words: `${provider} ${item.id}`,
    title: `${name} (${item.id})\n${facts}`,
  };
}

/** What a model can do and what it takes, as far as that is known. */
function describeModel({ contextLimit, reasons, seesImages, callsTools, price }: ModelChoice): string {
  return [
    l10n.t('{0} tokens', formatTokens(contextLimit)),
    reasons === true && l10n.t('reasons'),
    seesImages === true && l10n.t('sees images'),
    // All that an agent does, it does by tools: what can use them need not say so.
    callsTools === false && l10n.t('no tools'),
    price && l10n.t('{0} in, {1} out', formatPrice(price.input), formatPrice(price.output)),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** USD for a million tokens. */
const formatPrice = (dollars: number): string => formatCost(dollars).replace(/\.00$/, '');
