import { l10n } from '../../core/l10n.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

const undo = 'opencodeSessions.session.unrevert';

/** Says that messages were taken back, and until when that can be undone. */
export class RevertNotice {
  readonly element: HTMLElement;

  constructor(run: (command: string) => void) {
    this.element = element(
      'div',
      { class: 'revert-notice', role: 'status', 'data-testid': 'revert-notice', hidden: true },
      icon('discard'),
      element('span', {
        text: l10n.t('The greyed messages were taken back. The next prompt removes them for good.'),
      }),
      textButton({ label: l10n.t('Undo Revert'), class: 'link', run: () => run(undo) }),
    );
  }

  show({ revertedFrom }: Pick<SessionHeader, 'revertedFrom'>): void {
    this.element.hidden = revertedFrom === undefined;
  }
}
