import { l10n } from '../../core/l10n.ts';
import type { Notice } from '../../core/ports/notify.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { RelayNotice } from './relay.ts';

/** A relay's fate in words; undefined where it went as it was asked. */
export function describeRelay(notice: RelayNotice, title: string): Notice | undefined {
  const open = {
    title: l10n.t('Open Session'),
    command: 'opencodeSessions.session.open',
    arguments: [notice.sessionId],
  };
  switch (notice.kind) {
    case 'sent':
    case 'cancelled':
    // Who types sees it below the session.
    case 'waits':
      return undefined;
    case 'dropped':
      return {
        severity: 'warning',
        message: l10n.t(
          'You stopped “{0}”, so what waited was not relayed: {1}',
          title,
          listAgents(notice.legs),
        ),
        actions: [...notice.legs.slice(0, 1).map((leg) => relayAgain(notice.sessionId, leg)), open],
      };
    case 'held':
      return {
        severity: 'warning',
        message: l10n.t(
          'The relay to {0} in “{1}” waits for you. {2}',
          listAgents(notice.legs),
          title,
          notice.reason,
        ),
        actions: [
          {
            title: l10n.t('Send Now'),
            command: 'opencodeSessions.relay.release',
            arguments: notice.legs
              .slice(0, 1)
              .map(({ messageId }) => ({ sessionId: notice.sessionId, relayId: messageId })),
          },
          {
            title: l10n.t('Stop Relays'),
            command: 'opencodeSessions.relay.stopAll',
            arguments: [notice.sessionId],
          },
          open,
        ],
      };
    case 'delayed':
      return {
        severity: 'warning',
        message: l10n.t(
          'The relay to {0} in “{1}” could not be sent yet. {2}',
          notice.leg.agent,
          title,
          notice.reason,
        ),
        actions: [open],
      };
    case 'wrongAgent':
      return {
        severity: 'warning',
        message: l10n.t(
          '{0} answers in “{1}” and not {2}, to whom it was relayed. Another prompt may have come at the same moment, or a plugin chose otherwise.',
          notice.agent,
          title,
          notice.leg.agent,
        ),
        actions: [open],
      };
    case 'superseded':
      return {
        severity: 'warning',
        message: l10n.t(
          'Somebody else prompted “{0}” at the same moment, and {1} did not answer on its own.',
          title,
          notice.leg.agent,
        ),
        actions: [relayAgain(notice.sessionId, notice.leg), open],
      };
  }
}

function relayAgain(sessionId: string, { agent, model, text }: RelayLeg) {
  return {
    title: l10n.t('Relay Again'),
    command: 'opencodeSessions.session.relay',
    arguments: [{ sessionId, agent, model, text }],
  };
}

function listAgents(legs: readonly RelayLeg[]): string {
  return legs.map(({ agent }) => agent).join(' → ');
}
