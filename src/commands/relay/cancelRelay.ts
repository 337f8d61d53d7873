import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { isForeign } from '../../core/turns/relayProof.ts';
import type { Command } from '../command.ts';
import { chooseRelay, type ChooseRelayDeps } from '../choosing/relayArgument.ts';

export interface CancelRelayDeps extends ChooseRelayDeps {
  readonly relays: ChooseRelayDeps['relays'] & {
    cancel(sessionId: string, messageIds: readonly string[]): Promise<void>;
  };
  readonly notify: Notify;
}

/** Takes a pending relay out; its text can be asked for again by whoever asked for it. */
export function cancelRelay(deps: CancelRelayDeps): Command {
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Cancel Which Relay?'));
    if (chosen === undefined) return undefined;
    const { sessionId, leg } = chosen;
    await deps.relays.cancel(sessionId, [leg.messageId]);
    const { agent, model, text } = leg;
    deps.notify({
      message: l10n.t('The relay to {0} was cancelled.', agent),
      // Asked for again it would be this person's own, and be sent without having been read.
      actions: isForeign(leg)
        ? []
        : [
            {
              title: l10n.t('Undo'),
              command: 'opencodeSessions.session.relay',
              arguments: [{ sessionId, agent, model, text }],
            },
          ],
    });
    return sessionId;
  };
}
