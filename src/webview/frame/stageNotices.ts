import { l10n } from '../../core/l10n.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** Stands in the place of a session that is on its way. */
export function loadingNotice(): HTMLElement {
  return element(
    'div',
    { class: 'notice', role: 'status' },
    icon('loading', 'spin'),
    element('p', { text: l10n.t('Loading…') }),
  );
}

/** Stands in the place of a session that cannot be shown, with what helps. */
export function failedNotice(
  message: string,
  action: { readonly title: string; readonly command: string } | undefined,
  run: (command: string) => void,
): HTMLElement {
  return element(
    'div',
    { class: 'notice failed', role: 'alert' },
    icon('warning'),
    element('p', { text: message }),
    action && textButton({ label: action.title, class: 'primary', run: () => run(action.command) }),
  );
}
