import { l10n } from '../../core/l10n.ts';
import type { PromptField } from './promptField.ts';
import type { SendButtons } from './sendButtons.ts';

export interface ComposerState {
  /** The session is gone: what was typed can be read and copied, and goes nowhere. */
  readonly isOver: boolean;
  /** The prompt is written in an editor. */
  readonly isLent: boolean;
  readonly isBusy: boolean;
}

/** Shows what can be done in the composer: what may be typed and sent, and where that goes. */
export function showReadiness(
  composer: HTMLElement,
  field: PromptField,
  buttons: SendButtons,
  { isOver, isLent, isBusy, isEmpty }: ComposerState & { readonly isEmpty: boolean },
): void {
  field.element.readOnly = isOver || isLent;
  field.element.placeholder = placeholder(isLent, isBusy);
  buttons.setBusy(isBusy);
  buttons.setReady(isEmpty, isOver || isLent);
  composer.classList.toggle('over', isOver);
  composer.classList.toggle('blank', isOver && isEmpty);
  composer.classList.toggle('shell', field.text.startsWith('!'));
}

function placeholder(isLent: boolean, isBusy: boolean): string {
  if (isLent) return l10n.t('This prompt is open in an editor.');
  return isBusy
    ? l10n.t('Send after this turn, or steer it…')
    : l10n.t('Ask anything. @ for files, agents and sessions, / for commands, ! for the shell');
}
