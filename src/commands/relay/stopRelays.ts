import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { Command } from '../command.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface StopRelaysDeps {
  readonly relays: { stopAll(sessionId: string): Promise<void> };
  readonly sessionsWithRelays: () => readonly string[];
  readonly notify: Notify;
}

/** Takes the pending relays of a session out, or those of all sessions. What runs goes on to its end. */
export function stopRelays({ relays, sessionsWithRelays, notify }: StopRelaysDeps): Command {
  return async (argument) => {
    const { sessionId } = parseSessionArgument(argument);
    const sessionIds = sessionId === undefined ? sessionsWithRelays() : [sessionId];
    if (sessionIds.length === 0) throw new Problem(l10n.t('No relay is pending.'));
    await Promise.all(sessionIds.map((id) => relays.stopAll(id)));
    notify({ message: l10n.t('The pending relays were stopped.'), actions: [] });
    return sessionIds[0];
  };
}
