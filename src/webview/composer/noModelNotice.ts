import { l10n } from '../../core/l10n.ts';
import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { OfferedRemedy } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** Says that there is no model to answer with, or that nobody knows what there is, and what helps. */
export class NoModelNotice {
  readonly element = element('div', {
    class: 'no-model-notice',
    role: 'status',
    'data-testid': 'no-model-notice',
    hidden: true,
  });
  readonly #run: (command: string) => void;
  readonly #askAgain: () => void;
  #shown = '';

  constructor(run: (command: string) => void, askAgain: () => void) {
    this.#run = run;
    this.#askAgain = askAgain;
  }

  show({ noModel, failure }: Pick<ComposerChoices, 'noModel' | 'failure'>): void {
    const text = JSON.stringify([noModel, failure]);
    if (text === this.#shown) return;
    this.#shown = text;
    const message = failure ?? noModel?.message;
    this.element.hidden = message === undefined;
    this.element.replaceChildren();
    if (message === undefined) return;
    this.element.append(icon('warning'), element('span', { text: message }));
    if (failure !== undefined) {
      this.element.append(
        textButton({ label: l10n.t('Try Again'), class: 'link', run: () => this.#askAgain() }),
      );
    } else if (noModel) this.element.append(remedyButton(noModel.action, 'primary', this.#run));
  }
}

/** The button that runs what helps. */
export function remedyButton(
  { title, command }: OfferedRemedy,
  kind: 'primary' | 'link',
  run: (command: string) => void,
): HTMLElement {
  return textButton({ label: title, class: kind, run: () => run(command) });
}
