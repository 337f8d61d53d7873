import type { Sessions } from '../core/sessions/sessionStore.ts';
import { clearUpCompactions, type ClearUpPorts } from './compactAndContinue.ts';
import { deleteForgotten, type DiscardPorts } from './extractHandoff.ts';

/** Clears up what a server or a window that ended in the middle of something left in the sessions. */
export async function clearUp(
  ports: ClearUpPorts & DiscardPorts & { readonly sessions: Pick<Sessions, 'all'> },
): Promise<void> {
  try {
    await clearUpCompactions(ports);
    await deleteForgotten(ports, ports.sessions.all());
  } catch (error) {
    ports.log.warn('What was left behind was not cleared up.', error);
  }
}
