import { l10n } from '../../core/l10n.ts';
import { Late } from '../dom/late.ts';

/** What fills what is opened: the bodies of calls, and the list of todos. */
export const bodies = new Late(
  () => import('./partBodies.ts'),
  () => l10n.t('What was opened could not be loaded. Reload the window.'),
);
