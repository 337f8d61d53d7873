import { l10n } from '../../core/l10n.ts';
import { Late } from '../dom/late.ts';

/** What makes the cards of requests. */
export const cards = new Late(
  () => import('./requestCards.ts'),
  () => l10n.t('What waits for your answer could not be loaded. Reload the window.'),
);
