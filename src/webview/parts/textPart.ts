import { l10n } from '../../core/l10n.ts';
import { Disclosure } from './disclosure.ts';
import { element, textButton } from '../dom/element.ts';
import { MarkdownText } from '../markdown/markdownText.ts';
import type { PartOf, PartSurroundings, PartView } from './partView.ts';
import { showAllButton } from './showAllButton.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';

const longPrompt = 1600;
const manyLines = 18;

/** What a person or the model wrote, as Markdown. */
export class TextPart implements PartView {
  readonly element: HTMLElement;
  readonly #markdown: MarkdownText;
  readonly #surroundings: PartSurroundings;
  readonly #more = element('div', { class: 'more' });

  constructor(part: PartOf<'text'>, surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
    this.#markdown = new MarkdownText(surroundings.highlighter);
    this.element =
      part.synthetic === true ? this.#asContext(part) : element('div', {}, this.#markdown.element);
    this.element.classList.add('text');
    if (part.ignored === true) this.element.classList.add('ignored');
    const fork = part.broughtBack?.from;
    const speaker = fork ?? part.relayed?.session;
    const automation = part.relayed?.automation;
    if (automation !== undefined) this.element.prepend(automationLine(automation));
    else if (speaker !== undefined) this.element.prepend(this.#originLine(speaker, fork !== undefined));
    this.element.append(this.#more);
    this.update(part);
  }

  update(part: PartEntry): void {
    if (part.type !== 'text') return;
    const isDone = part.done === true || this.#surroundings.role === 'user' || part.clamped !== undefined;
    this.#markdown.update(part.text, isDone);
    this.#showMore(part);
  }

  /** Text that OpenCode itself put into the prompt is folded away. */
  #asContext(part: PartOf<'text'>): HTMLElement {
    const disclosure = new Disclosure(this.#surroundings, {
      class: 'context',
      partId: part.id,
      fill: (body) => body.append(this.#markdown.element),
    });
    disclosure.label.textContent = l10n.t('Context added to the prompt');
    return disclosure.element;
  }

  /** Says who speaks where it is no person, and leads there. */
  #originLine(sessionId: string, isFork: boolean): HTMLElement {
    return element(
      'div',
      { class: 'brought-back', 'data-testid': 'brought-back' },
      isFork ? l10n.t('From a fork, not from you') : l10n.t('From another session, not from you'),
      textButton({
        label: isFork ? l10n.t('Open Fork') : l10n.t('Open Session'),
        icon: isFork ? 'repo-forked' : 'comment-discussion',
        class: 'link',
        run: () => this.#surroundings.post({ type: 'openSession', sessionId }),
      }),
    );
  }

  #showMore(part: PartOf<'text'>): void {
    const { role, expanded } = this.#surroundings;
    const isLong = role === 'user' && part.synthetic !== true && isLongPrompt(part.text);
    const isFolded = isLong && !expanded.get(part.id, false);
    this.element.classList.toggle('folded', isFolded);
    if (!isLong && part.clamped === undefined) {
      if (this.#more.hasChildNodes()) this.#more.replaceChildren();
      return;
    }
    const unfold = (): void => {
      expanded.set(part.id, isFolded);
      this.#showMore(part);
    };
    this.#more.replaceChildren();
    if (isLong) {
      const label = isFolded ? l10n.t('Show More') : l10n.t('Show Less');
      this.#more.append(textButton({ label, class: 'link', run: unfold }));
    }
    if (part.clamped !== undefined && !isFolded) {
      this.#more.append(showAllButton(part.id, part.clamped, this.#surroundings));
    }
  }
}

/** Says that an automation of the person speaks, and what it follows. */
function automationLine({
  name,
  on,
}: NonNullable<NonNullable<PartOf<'text'>['relayed']>['automation']>): HTMLElement {
  return element(
    'div',
    { class: 'brought-back', 'data-testid': 'of-automation' },
    on === 'hand'
      ? l10n.t('From the automation “{0}”, which you ran', name)
      : l10n.t('From the automation “{0}” (on: {1}), not from you', name, on),
  );
}

function isLongPrompt(text: string): boolean {
  return text.length > longPrompt || text.split('\n', manyLines + 1).length > manyLines;
}
