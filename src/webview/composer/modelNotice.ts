import { l10n } from '../../core/l10n.ts';
import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { OfferedRemedy } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** What is said of the model: that nobody knows which there are, that there is none, else what to know before one is asked. */
export interface ModelWords extends Pick<ComposerChoices, 'noModel' | 'connect' | 'failure'> {
  readonly note?: string | undefined;
}

export interface ModelWays {
  readonly switchModel: () => void;
  readonly askAgain: () => void;
}

/** Says of the model what a person should know before the prompt is sent, and what helps. */
export class ModelNotice {
  readonly element = element('div', {
    class: 'model-notice',
    role: 'status',
    'data-testid': 'model-notice',
    hidden: true,
  });
  readonly #run: (command: string) => void;
  readonly #ways: ModelWays;
  #shown = '';

  constructor(run: (command: string) => void, ways: ModelWays) {
    this.#run = run;
    this.#ways = ways;
  }

  show({ noModel, connect, note, failure }: ModelWords): void {
    const text = JSON.stringify([noModel, note, failure]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.hidden = noModel === undefined && note === undefined && failure === undefined;
    this.element.classList.toggle('none', noModel !== undefined || failure !== undefined);
    this.element.replaceChildren();
    if (failure !== undefined) {
      this.element.append(
        icon('warning'),
        element('span', { text: failure }),
        textButton({ label: l10n.t('Try Again'), class: 'link', run: this.#ways.askAgain }),
      );
    } else if (noModel !== undefined) {
      const { message, action } = noModel;
      this.element.append(
        icon('warning'),
        element('span', { text: message }),
        remedyButton(action, 'primary', this.#run),
      );
    } else if (note !== undefined) {
      this.element.append(
        icon('info'),
        element('span', { text: note }),
        textButton({ label: l10n.t('Switch Model…'), class: 'link', run: this.#ways.switchModel }),
        ...(connect === undefined ? [] : [remedyButton(connect, 'link', this.#run)]),
      );
    }
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
