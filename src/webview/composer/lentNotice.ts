import { l10n } from '../../core/l10n.ts';
import { element, icon, textButton } from '../dom/element.ts';

/** That the prompt is written in an editor, with the way to it and the way back. */
export function lentNodes(run: (command: string) => void): readonly HTMLElement[] {
  return [
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
  ];
}
