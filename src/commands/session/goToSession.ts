import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { findNeeding, neighbourOf, nextNeeding, type NeedSources } from '../../core/rows/neighbours.ts';
import type { Attention } from '../../core/sessions/attention.ts';
import type { Command } from '../command.ts';

export interface GoToSessionDeps extends NeedSources {
  /** The sessions of the tree, from top to bottom. */
  readonly order: () => readonly string[];
  readonly attention: Pick<Attention, 'roots'>;
  readonly currentSessionId: () => string | undefined;
  readonly openTranscript: (sessionId: string, how: 'preview') => void;
  /** Opens a session with the focus on what waits there for an answer, else in its composer. */
  readonly attend: (sessionId: string) => void;
  readonly dialogs: Pick<Dialogs, 'inform'>;
}

/** Opens the next session in the tree, or the one before. */
export function goToNeighbour(deps: GoToSessionDeps, step: 1 | -1): Command {
  return async () => {
    const next = neighbourOf(deps.order(), deps.currentSessionId(), step);
    if (next === undefined)
      deps.dialogs.inform(l10n.t('There is no session here. Start one with “New Session…”.'));
    else deps.openTranscript(next, 'preview');
    return next;
  };
}

/** Opens the next session that waits, failed or finished unseen, so that it can be answered. */
export function goToNextNeeding(deps: GoToSessionDeps): Command {
  let earlier: readonly string[] = [];
  return async () => {
    const order = deps.order();
    // What waits in the archive or in another folder needs a person all the same.
    const needing = findNeeding([...new Set([...order, ...deps.attention.roots])], deps);
    const next = nextNeeding(needing, earlier, deps.currentSessionId());
    earlier = needing;
    if (next === undefined) deps.dialogs.inform(l10n.t('No session needs you.'));
    else deps.attend(next);
    return next;
  };
}
