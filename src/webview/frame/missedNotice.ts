import { l10n } from '../../core/l10n.ts';
import { element, icon, iconButton } from '../dom/element.ts';

/** Says what could not be loaded, until the person has read it. */
export class MissedNotice {
  readonly element = element('div', {
    class: 'banner',
    role: 'alert',
    'data-kind': 'down',
    'data-testid': 'missed-notice',
    hidden: true,
  });

  show(sentence: string): void {
    this.element.hidden = false;
    this.element.replaceChildren(
      icon('warning'),
      element('span', { class: 'banner-words', text: sentence }),
      iconButton({ label: l10n.t('Close'), icon: 'close', run: () => (this.element.hidden = true) }),
    );
  }
}
