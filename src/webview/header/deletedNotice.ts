import { l10n } from '../../core/l10n.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** Says that the session is gone from the server, and lets what is left of it be taken along. */
export class DeletedNotice {
  readonly element: HTMLElement;

  /** `write` hands on the words of the session as a document. */
  constructor(post: (message: FromPage) => void, write: (act: (text: string) => void) => void) {
    this.element = element(
      'div',
      { class: 'deleted-notice', role: 'alert', 'data-testid': 'deleted-notice', hidden: true },
      icon('trash'),
      element('span', { text: l10n.t('This session was deleted. What is shown here is all that is left.') }),
      textButton({
        label: l10n.t('Open as Document'),
        class: 'link',
        run: () => write((text) => post({ type: 'openAsFile', text, language: 'markdown' })),
      }),
      textButton({
        label: l10n.t('Copy'),
        class: 'link',
        run: () => write((text) => post({ type: 'copy', text })),
      }),
    );
  }

  show({ deleted }: Pick<SessionHeader, 'deleted'>): void {
    this.element.hidden = deleted !== true;
  }
}
