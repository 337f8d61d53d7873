import { l10n } from '../../core/l10n.ts';
import { iconButton, textButton } from '../dom/element.ts';

/** `steer`: into the running turn; `queue`: once it has settled, or at once where none runs. */
export type SendMode = 'steer' | 'queue';

export interface SendButtons {
  readonly nodes: readonly HTMLElement[];
  readonly setBusy: (isBusy: boolean) => void;
  /** `isEmpty`: there is nothing to send; `isOver`: nobody is there to take it. */
  readonly setReady: (isEmpty: boolean, isOver: boolean) => void;
}

/** Steer, stop and send: which are there, and what they are called, depends on whether a turn runs. */
export function sendButtons(submit: (mode: SendMode) => void, abort: () => void): SendButtons {
  const steer = textButton({
    label: l10n.t('Steer'),
    icon: 'compass',
    class: 'secondary',
    testId: 'steer',
    title: l10n.t('Send into the running turn (Alt+Enter)'),
    run: () => submit('steer'),
  });
  const stop = iconButton({ label: l10n.t('Stop'), icon: 'debug-stop', testId: 'stop', run: abort });
  const send = iconButton({
    label: l10n.t('Send'),
    icon: 'send',
    class: 'primary',
    testId: 'send',
    run: () => submit('queue'),
  });
  return {
    nodes: [steer, stop, send],
    setBusy: (isBusy) => {
      stop.hidden = !isBusy;
      const label = isBusy ? l10n.t('Queue') : l10n.t('Send');
      send.title = isBusy ? l10n.t('Queue: send after this turn has settled') : label;
      send.setAttribute('aria-label', label);
    },
    setReady: (isEmpty, isOver) => {
      steer.hidden = stop.hidden || isEmpty;
      send.disabled = isOver || isEmpty;
    },
  };
}
