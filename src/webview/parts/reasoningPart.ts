import { l10n } from '../../core/l10n.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { Disclosure } from './disclosure.ts';
import { element } from '../dom/element.ts';
import { formatDuration } from '../../core/figures.ts';
import { MarkdownText } from '../markdown/markdownText.ts';
import type { PartOf, PartSurroundings, PartView } from './partView.ts';
import { showAllButton } from './showAllButton.ts';

/** What the model thought, folded away under how long it took. */
export class ReasoningPart implements PartView {
  readonly element: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #markdown: MarkdownText;
  readonly #more = element('div', { class: 'more' });
  readonly #surroundings: PartSurroundings;
  #part: PartOf<'reasoning'>;

  constructor(part: PartOf<'reasoning'>, surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
    this.#part = part;
    this.#markdown = new MarkdownText(surroundings.highlighter);
    this.#disclosure = new Disclosure(surroundings, {
      class: 'reasoning',
      partId: part.id,
      fill: (body) => {
        body.append(this.#markdown.element, this.#more);
        this.#showText();
      },
    });
    this.element = this.#disclosure.element;
    this.update(part);
  }

  update(part: PartEntry): void {
    if (part.type !== 'reasoning') return;
    this.#part = part;
    const label = heading(part);
    if (this.#disclosure.label.textContent !== label) this.#disclosure.label.textContent = label;
    this.element.classList.toggle('running', isRunning(part));
    if (this.#disclosure.isOpen) this.#showText();
  }

  #showText(): void {
    const { id, text, clamped } = this.#part;
    this.#markdown.update(text, !isRunning(this.#part) || clamped !== undefined);
    this.#more.replaceChildren(
      ...(clamped === undefined ? [] : [showAllButton(id, clamped, this.#surroundings)]),
    );
  }
}

function heading(part: PartOf<'reasoning'>): string {
  if (part.end !== undefined) return l10n.t('Thought for {0}', formatDuration(part.end - part.start));
  return isRunning(part) ? l10n.t('Thinking…') : l10n.t('Thinking was interrupted');
}

function isRunning({ end, interrupted }: PartOf<'reasoning'>): boolean {
  return end === undefined && interrupted !== true;
}
