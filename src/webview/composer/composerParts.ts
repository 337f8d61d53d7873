import { l10n } from '../../core/l10n.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';
import { Late } from '../dom/late.ts';

/** What the composer needs once something is attached, mentioned or recalled. */
export const composerParts = new Late(
  () => import('./lateParts.ts'),
  () => l10n.t('A part of the composer could not be loaded. Reload the window.'),
);

/** Whether a draft is not shown without those: its chips would push aside what stands there. */
export const hasChips = ({ attachments = [], mentions = [] }: ComposerDraft): boolean =>
  attachments.length + mentions.length > 0;
