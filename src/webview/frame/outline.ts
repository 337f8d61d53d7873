import { l10n } from '../../core/l10n.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import type { OutlineTurn } from '../../protocol/page/toPage.ts';
import { element, iconButton, textButton } from '../dom/element.ts';
import { isWritten, write } from '../dom/writing.ts';

export interface OutlineActions {
  readonly go: (messageId: string) => void;
  /** The person has closed it, and is to go on elsewhere. */
  readonly closed: () => void;
}

/** How many prompts stand in the list at once. */
const listed = 120;

/** The person's prompts, to go to one of them; a filter and two buttons reach those that are not listed. */
export class Outline {
  readonly element: HTMLElement;
  readonly #filter: HTMLInputElement;
  readonly #status = element('p', { class: 'outline-status', role: 'status', hidden: true });
  readonly #list = element('div', { class: 'outline-list', role: 'list' });
  readonly #actions: OutlineActions;
  #items: readonly OutlineTurn[] = [];
  #current: string | undefined;
  /** The index of the first prompt listed, among those that pass the filter. */
  #from = 0;

  constructor(actions: OutlineActions) {
    this.#actions = actions;
    this.#filter = element('input', {
      type: 'text',
      placeholder: l10n.t('Find a prompt'),
      'aria-label': l10n.t('Find a prompt'),
      on: {
        input: () => {
          if (isWritten(this.#filter)) return;
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
        iconButton({ label: l10n.t('Close'), icon: 'close', run: () => this.#dismiss() }),
      ),
      this.#status,
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

  /** Shows the prompts around the one that the reader is at; `isPartial`: earlier ones are on their way. */
  open(items: readonly OutlineTurn[], current: string | undefined, isPartial: boolean): void {
    this.element.hidden = false;
    this.#items = items;
    this.#current = current;
    this.#emptyFilter();
    this.#status.hidden = !isPartial;
    this.#status.textContent = isPartial ? l10n.t('Reading the earlier prompts…') : '';
    this.#center();
    const shown = this.#list.querySelector<HTMLElement>('.current') ?? this.#filter;
    shown.focus();
  }

  /** Takes all prompts of the session in place of those that were at hand. */
  complete(items: readonly OutlineTurn[]): void {
    if (!this.isOpen) return;
    const focused = this.#focused;
    this.#items = items;
    this.#status.hidden = true;
    if (this.#filter.value === '') this.#center();
    else this.#fill();
    if (focused !== undefined) this.#buttonOf(focused)?.focus({ preventScroll: true });
  }

  /** The focus goes to a prompt of the list then, or stays there. */
  #emptyFilter(): void {
    this.#filter.focus();
    write(this.#filter, '', 0, this.#filter.value.length);
  }

  #dismiss(): void {
    this.close();
    this.#actions.closed();
  }

  #center(): void {
    const turn = this.#turn;
    const at = turn === undefined ? -1 : this.#items.indexOf(turn);
    this.#from = Math.max(0, Math.min(at - listed / 2, this.#items.length - listed));
    this.#fill();
  }

  /** The prompt of the turn that the reader is in. */
  get #turn(): OutlineTurn | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    return this.#items.findLast(({ messageId }) => messageId <= current);
  }

  /** The message of the prompt that has the focus. */
  get #focused(): string | undefined {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !this.#list.contains(activeElement)) return undefined;
    return activeElement.dataset['outlineId'];
  }

  #buttonOf(messageId: string): HTMLElement | null {
    return this.#list.querySelector(`[data-outline-id="${CSS.escape(messageId)}"]`);
  }

  #matching(): readonly OutlineTurn[] {
    const wanted = sameLetters(this.#filter.value.trim());
    return this.#items.filter(({ text }) => sameLetters(text).includes(wanted));
  }

  #fill(): void {
    const items = this.#matching();
    const turn = this.#turn;
    const end = this.#from + listed;
    this.#list.replaceChildren(
      ...items.slice(this.#from, end).map((item) => this.#item(item, item === turn)),
    );
    if (this.#from > 0) this.#list.prepend(this.#turner(l10n.t('Earlier Prompts'), -listed));
    if (end < items.length) this.#list.append(this.#turner(l10n.t('Later Prompts'), listed));
    if (items.length === 0) this.#list.append(element('p', { text: l10n.t('There is no such prompt.') }));
  }

  #item({ messageId, text }: OutlineTurn, isCurrent: boolean): HTMLElement {
    return element(
      'div',
      { role: 'listitem' },
      element('button', {
        type: 'button',
        class: isCurrent ? 'outline-item current' : 'outline-item',
        'data-outline-id': messageId,
        'aria-current': isCurrent ? 'true' : undefined,
        title: text.slice(0, 500),
        text: text.slice(0, 200).split('\n', 1)[0],
        on: { click: () => this.#actions.go(messageId) },
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
    if (event.key === 'Escape') this.#dismiss();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...this.#list.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)];
    event.preventDefault();
    next?.focus();
  }
}
