import { l10n } from '../../core/l10n.ts';
import { element, icon, iconButton, textButton } from '../dom/element.ts';

/** Moves the prompt into an editor, or shows that. */
export function lendButton(lend: () => void): HTMLElement {
  return iconButton({ label: l10n.t('Edit Prompt in Editor'), icon: 'edit', testId: 'lend', run: lend });
}

/** Says that the prompt is written in an editor, with the way to it and the way back. */
export function lentNotice(run: (command: string) => void): HTMLElement {
  return element(
    'div',
    { class: 'lent-notice', role: 'status', 'data-testid': 'lent-notice', hidden: true },
    icon('edit'),
    element('span', { text: l10n.t('This prompt is open in an editor.') }),
    textButton({
      label: l10n.t('Show Editor'),
      class: 'link',
      run: () => run('opencodeSessions.prompt.editInEditor'),
    }),
    textButton({
      label: l10n.t('Back to Composer'),
      class: 'link',
      run: () => run('opencodeSessions.prompt.backToComposer'),
    }),
  );
}
