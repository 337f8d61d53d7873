import { l10n } from '../../core/l10n.ts';
import { Late } from '../dom/late.ts';

/** What makes the cards of requests, and takes their answers. */
export const cards = new Late(
  () => import('./requestDock.ts'),
  () => l10n.t('What waits for your answer could not be loaded. Reload the window.'),
);
