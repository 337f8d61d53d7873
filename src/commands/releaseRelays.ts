import { l10n } from '../core/l10n.ts';
import type { Command } from './command.ts';
import { chooseRelay, type ChooseRelayDeps } from './relayArgument.ts';

export interface ReleaseRelaysDeps extends ChooseRelayDeps {
  readonly relays: ChooseRelayDeps['relays'] & { release(sessionId: string): Promise<void> };
}

/** Lets the held relays of a session go on. */
export function releaseRelays(deps: ReleaseRelaysDeps): Command {
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Send Which Held Relay?'));
    if (chosen !== undefined) await deps.relays.release(chosen.sessionId);
    return chosen?.sessionId;
  };
}
