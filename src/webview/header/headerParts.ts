import { l10n } from '../../core/l10n.ts';
import { ended } from '../../core/entries/runErrorText.ts';
import { formatWait } from '../../core/figures.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon } from '../dom/element.ts';

// What is shown of few sessions, or a moment after it was painted.
export { contextMeter } from './contextMeter.ts';
export { DeletedNotice } from './deletedNotice.ts';
export { linkBack, linksOn } from './lineage.ts';
export { askTitle } from './renaming.ts';
export { RevertNotice } from './revertNotice.ts';

/** What a session does that works elsewhere, or waits to try again. */
export function statusNodes(status: SessionHeader['status']): Node[] {
  if (status.type === 'elsewhere') {
    return [
      icon('multiple-windows'),
      element('span', {
        text: l10n.t('In another OpenCode process'),
        title: l10n.t(
          'Another OpenCode process works in this session. What it writes is shown once it is stored; a prompt from here begins a second run beside it.',
        ),
      }),
    ];
  }
  if (status.type !== 'retry') return [];
  const words = l10n.t(
    'Attempt {0} failed, again in {1}: {2} Wait, or stop it and choose another model.',
    status.attempt,
    formatWait(status.next, Date.now()),
    ended(status.message),
  );
  return [icon('sync'), element('span', { class: 'retry-words', text: words, title: words })];
}
