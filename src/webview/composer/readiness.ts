import { l10n } from '../../core/l10n.ts';
import type { PromptField } from './promptField.ts';
import type { SendButtons } from './sendButtons.ts';

export interface ComposerState {
  /** The session is gone: what was typed can be read and copied, and goes nowhere. */
  readonly isOver: boolean;
  readonly isBusy: boolean;
}

/** Shows what can be done in the composer: what may be typed and sent, and where that goes. */
export function showReadiness(
  composer: HTMLElement,
  field: PromptField,
  buttons: SendButtons,
  { isOver, isBusy, isEmpty }: ComposerState & { readonly isEmpty: boolean },
): void {
  field.element.readOnly = isOver;
  field.element.placeholder = placeholder(isBusy);
  buttons.setBusy(isBusy);
  buttons.setReady(isEmpty, isOver);
  composer.classList.toggle('over', isOver);
  composer.classList.toggle('blank', isOver && isEmpty);
  composer.classList.toggle('shell', field.text.startsWith('!'));
}

function placeholder(isBusy: boolean): string {
  return isBusy
    ? l10n.t('Send after this turn, or steer it…')
    : l10n.t('Ask anything. @ for files and agents, / for commands, ! for the shell');
}
