import { l10n } from '../../core/l10n.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import { mentionIcons } from './attachmentChips.ts';
import { element, icon } from '../dom/element.ts';

export interface Completion {
  readonly kind: 'file' | 'agent' | 'session' | 'symbol' | 'command' | 'verb' | 'model' | 'chain';
  readonly label: string;
  /** What may stand behind it. */
  readonly hint?: string;
  readonly detail?: string;
  readonly insert: string;
  /** Of a session, which `insert` names by its title. */
  readonly sessionId?: string;
  /** What stands above it, and above those of the same heading that follow. */
  readonly heading?: string;
  /** It can be typed, and does nothing now: its detail says why. */
  readonly isUnavailable?: boolean;
}

const icons = {
  ...mentionIcons,
  command: 'terminal',
  verb: 'play',
  model: 'chip',
  chain: 'run-all',
} as const;

/**
 * What can be put in for the word being typed. The text area keeps the focus and steers the list. What scrolls can be
 * reached by the keyboard, too: with the focus on it, the same keys steer it.
 */
export class CompletionList {
  readonly element = element('div', {
    class: 'completions',
    role: 'listbox',
    id: 'completions',
    tabindex: '0',
    hidden: true,
    'data-testid': 'completions',
    'aria-label': l10n.t('Completions'),
  });
  readonly #onPick: (completion: Completion) => void;
  readonly #leave: () => void;
  #items: readonly Completion[] = [];
  #options: readonly HTMLElement[] = [];
  #active = 0;

  /** `leave` brings the focus back to where the word is typed. */
  constructor(onPick: (completion: Completion) => void, leave: () => void) {
    this.#onPick = onPick;
    this.#leave = leave;
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

  /** Begins with what is called as was typed, wherever it stands. */
  show(items: readonly Completion[], typed = ''): void {
    this.#items = items;
    this.#active = beginsWith(items, typed);
    if (items.length === 0 && document.activeElement === this.element) this.#leave();
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
    else if (event.key === 'Tab' && event.shiftKey) this.element.focus();
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
    this.#options = this.#items.map((item, index) => this.#option(item, index));
    this.element.replaceChildren(...this.#groups());
    this.#options[this.#active]?.scrollIntoView({ block: 'nearest' });
  }

  /** The options, those with a heading below it. */
  #groups(): readonly HTMLElement[] {
    const groups: HTMLElement[] = [];
    for (const [index, option] of this.#options.entries()) {
      const heading = this.#items[index]?.heading;
      if (heading === undefined) groups.push(option);
      else if (heading === this.#items[index - 1]?.heading) groups.at(-1)?.append(option);
      else groups.push(group(heading, option));
    }
    return groups;
  }

  #option(item: Completion, index: number): HTMLElement {
    const isActive = index === this.#active;
    return element(
      'div',
      {
        class: `picker-option${isActive ? ' active' : ''}${item.isUnavailable === true ? ' unavailable' : ''}`,
        role: 'option',
        id: `completion-${index}`,
        'aria-selected': String(isActive),
        on: { mousedown: (event: Event) => event.preventDefault(), click: () => this.#pick(index) },
      },
      icon(icons[item.kind]),
      element('span', { class: 'option-label', text: item.label }),
      item.hint !== undefined && element('span', { class: 'option-hint', text: item.hint }),
      item.detail !== undefined && element('span', { class: 'option-description', text: item.detail }),
    );
  }
}

function group(heading: string, first: HTMLElement): HTMLElement {
  return element(
    'div',
    { class: 'completion-group', role: 'group', 'aria-label': heading },
    element('div', { class: 'completion-heading', 'aria-hidden': 'true', text: heading }),
    first,
  );
}

/** The one that is meant if nobody goes on: the very one that was typed, else the first that begins so, else the first. */
function beginsWith(items: readonly Completion[], typed: string): number {
  const wanted = sameLetters(typed);
  const exact = items.findIndex(({ insert }) => insert === typed);
  if (exact !== -1) return exact;
  return Math.max(
    0,
    items.findIndex(({ insert }) => sameLetters(insert).startsWith(wanted)),
  );
}
