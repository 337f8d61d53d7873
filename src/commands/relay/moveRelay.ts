import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { chooseRelay, type ChooseRelayDeps } from '../choosing/relayArgument.ts';

export interface MoveRelayDeps extends ChooseRelayDeps {
  readonly relays: ChooseRelayDeps['relays'] & {
    move(sessionId: string, messageId: string, before: string | undefined): Promise<void>;
  };
}

/** Lets a pending relay change places with the one before or after it. */
export function moveRelay(deps: MoveRelayDeps, direction: 'up' | 'down'): Command {
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Move Which Relay?'));
    if (chosen === undefined) return undefined;
    const { sessionId, leg } = chosen;
    const legs = deps.relays.pending(sessionId);
    const index = legs.findIndex(({ messageId }) => messageId === leg.messageId);
    if (direction === 'up' ? index === 0 : index === legs.length - 1) return sessionId;
    const before = legs[direction === 'up' ? index - 1 : index + 2];
    await deps.relays.move(sessionId, leg.messageId, before?.messageId);
    return sessionId;
  };
}
