import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { OfferedRemedy } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** Says that there is no model to answer with, and what helps. */
export class NoModelNotice {
  readonly element = element('div', {
    class: 'no-model-notice',
    role: 'status',
    'data-testid': 'no-model-notice',
    hidden: true,
  });
  readonly #run: (command: string) => void;
  #shown = '';

  constructor(run: (command: string) => void) {
    this.#run = run;
  }

  show({ noModel }: Pick<ComposerChoices, 'noModel'>): void {
    const text = JSON.stringify(noModel) ?? '';
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.hidden = noModel === undefined;
    this.element.replaceChildren();
    if (noModel === undefined) return;
    const { message, action } = noModel;
    this.element.append(
      icon('warning'),
      element('span', { text: message }),
      remedyButton(action, 'primary', this.#run),
    );
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
