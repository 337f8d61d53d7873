import { l10n } from '../../core/l10n.ts';
import { iconButton, textButton } from '../dom/element.ts';

/** `steer`: into the running turn; `queue`: once it has settled, or at once where none runs. */
export type SendMode = 'steer' | 'queue';

/** Steer, stop and send: which are there, and what they are called, depends on whether a turn runs. */
export class SendButtons {
  readonly nodes: readonly HTMLElement[];
  readonly #steer: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #send: HTMLButtonElement;

  constructor(submit: (mode: SendMode) => void, stop: () => void) {
    this.#steer = textButton({
      label: l10n.t('Steer'),
      icon: 'compass',
      class: 'secondary',
      testId: 'steer',
      title: l10n.t('Send into the running turn (Alt+Enter)'),
      run: () => submit('steer'),
    });
    this.#stop = iconButton({ label: l10n.t('Stop'), icon: 'debug-stop', testId: 'stop', run: stop });
    this.#send = iconButton({
      label: l10n.t('Send'),
      icon: 'send',
      class: 'primary',
      testId: 'send',
      run: () => submit('queue'),
    });
    this.nodes = [this.#steer, this.#stop, this.#send];
  }

  get isBusy(): boolean {
    return !this.#stop.hidden;
  }

  setBusy(isBusy: boolean): void {
    this.#stop.hidden = !isBusy;
    const label = isBusy ? l10n.t('Queue') : l10n.t('Send');
    this.#send.title = isBusy ? l10n.t('Queue: send after this turn has settled') : label;
    this.#send.setAttribute('aria-label', label);
  }

  /** `isEmpty`: there is nothing to send; `isOver`: nobody is there to take it. */
  setReady(isEmpty: boolean, isOver: boolean): void {
    this.#steer.hidden = !this.isBusy || isEmpty;
    this.#send.disabled = isOver || isEmpty;
  }
}
