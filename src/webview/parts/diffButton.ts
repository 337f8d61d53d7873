import { l10n } from '../../core/l10n.ts';
import { iconButton } from '../dom/element.ts';
import type { PartSurroundings } from './partView.ts';

/** Opens what a part changed in the editor's own diff. */
export function diffButton(partId: string, { sessionId, messageId, post }: PartSurroundings): HTMLElement {
  const run = (): void => post({ type: 'openDiff', sessionId, messageId, partId });
  return iconButton({ label: l10n.t('Open Diff'), icon: 'diff', testId: 'open-diff', run });
}
