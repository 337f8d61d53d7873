import { noteText } from '../../core/entries/noteText.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { Disclosure } from './disclosure.ts';
import { icon } from '../dom/element.ts';
import { MarkdownText } from '../markdown/markdownText.ts';
import type { PartOf, PartSurroundings, PartView } from './partView.ts';
import { showAllButton } from './showAllButton.ts';

/** What a subagent is to do, folded away under what it is called. */
export class SubtaskPart implements PartView {
  readonly element: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #surroundings: PartSurroundings;
  #part: PartOf<'subtask'>;

  constructor(part: PartOf<'subtask'>, surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
    this.#part = part;
    this.#disclosure = new Disclosure(surroundings, {
      class: 'context',
      partId: part.id,
      fill: (body) => this.#fill(body),
    });
    this.element = this.#disclosure.element;
    this.update(part);
  }

  update(part: PartEntry): void {
    if (part.type !== 'subtask') return;
    this.#part = part;
    this.#disclosure.label.replaceChildren(icon('robot'), ' ', noteText(part));
    this.#disclosure.refill();
  }

  #fill(body: HTMLElement): void {
    const { id, prompt, clamped } = this.#part;
    const markdown = new MarkdownText(this.#surroundings.highlighter);
    markdown.update(prompt, true);
    body.append(markdown.element);
    if (clamped !== undefined) body.append(showAllButton(id, clamped, this.#surroundings));
  }
}
