import { l10n } from '../../core/l10n.ts';
import { mentionIcons } from './attachmentChips.ts';
import { element, icon } from '../dom/element.ts';

export interface Completion {
  readonly kind: 'file' | 'agent' | 'session' | 'symbol' | 'command';
  readonly label: string;
  readonly detail?: string;
  readonly insert: string;
  /** Of a session, which `insert` names by its title. */
  readonly sessionId?: string;
}

const icons = { ...mentionIcons, command: 'terminal' } as const;

/** What can be put in for the word being typed. The text area keeps the focus and steers the list. */
export class CompletionList {
  readonly element = element('div', {
    class: 'completions',
    role: 'listbox',
    id: 'completions',
    hidden: true,
    'data-testid': 'completions',
    'aria-label': l10n.t('Completions'),
  });
  readonly #onPick: (completion: Completion) => void;
  #items: readonly Completion[] = [];
  #active = 0;

  constructor(onPick: (completion: Completion) => void) {
    this.#onPick = onPick;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  get activeId(): string | undefined {
    return this.isOpen ? `completion-${this.#active}` : undefined;
  }

  /** What Enter would put in. */
  get active(): Completion | undefined {
    return this.#items[this.#active];
  }

  show(items: readonly Completion[]): void {
    this.#items = items;
    this.#active = 0;
    this.element.hidden = items.length === 0;
    this.#fill();
  }

  close(): void {
    this.show([]);
  }

  /** Whether the key was for the list. */
  takes(event: KeyboardEvent): boolean {
    if (!this.isOpen) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#move(event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Enter' || event.key === 'Tab') this.#pick(this.#active);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(step: number): void {
    this.#active = (this.#active + step + this.#items.length) % this.#items.length;
    this.#fill();
  }

  #pick(index: number): void {
    const item = this.#items[index];
    this.close();
    if (item) this.#onPick(item);
  }

  #fill(): void {
    this.element.replaceChildren(
      ...this.#items.map((item, index) =>
        element(
          'div',
          {
            class: index === this.#active ? 'picker-option active' : 'picker-option',
            role: 'option',
            id: `completion-${index}`,
            'aria-selected': String(index === this.#active),
            on: { mousedown: (event: Event) => event.preventDefault(), click: () => this.#pick(index) },
          },
          icon(icons[item.kind]),
          element('span', { class: 'option-label', text: item.label }),
          item.detail !== undefined && element('span', { class: 'option-description', text: item.detail }),
        ),
      ),
    );
    this.element.children[this.#active]?.scrollIntoView({ block: 'nearest' });
  }
}
