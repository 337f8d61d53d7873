import { l10n } from '../../core/l10n.ts';
import type { MessageEntry } from '../../protocol/page/entries.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { linkedText } from '../markdown/fileLink.ts';
import { wholeTextButton } from '../parts/showAllButton.ts';

/** What ended a message or a run badly, and what may be done about it. */
export type Failure = Omit<NonNullable<MessageEntry['error']>, 'name'>;

export interface ErrorCardOptions {
  /** Where the search finds its words. */
  readonly partId?: string;
  readonly openWhole?: () => void;
  /** Does what the error offers under this command. */
  readonly take: (command: string) => void;
}

/** An error with its buttons, the likeliest first. */
export function errorCard(
  { message, clamped, remedies = [] }: Failure,
  { partId, openWhole, take }: ErrorCardOptions,
): HTMLElement {
  return element(
    'div',
    { class: 'run-error', role: 'group', 'aria-label': l10n.t('Error'), 'data-part-id': partId },
    icon('error'),
    element(
      'div',
      { class: 'run-error-said' },
      element(
        'div',
        // What scrolls can be reached by the keyboard; in a row, what does not is no stop.
        { class: 'run-error-words', tabindex: '0' },
        ...linkedText(message),
      ),
      clamped !== undefined && openWhole !== undefined && wholeTextButton(clamped, openWhole),
      remedies.length > 0 &&
        element(
          'div',
          { class: 'run-error-remedies' },
          ...remedies.map(({ title, command }, at) =>
            textButton({ label: title, class: at === 0 ? 'primary' : '', run: () => take(command) }),
          ),
        ),
    ),
  );
}
