import type { ConnectionBanner } from '../../protocol/page/header.ts';
import type { ConnectionState } from '../state/connectionState.ts';
import { l10n } from '../l10n.ts';

/** The connection's state as a line in the transcript, with what to do about it. */
export function buildConnectionBanner(state: ConnectionState): ConnectionBanner {
  const connect = { title: l10n.t('Connect'), command: 'opencodeSessions.server.connect' };
  const retry = { title: l10n.t('Try Again'), command: 'opencodeSessions.server.reconnect' };
  switch (state.kind) {
    case 'live':
      return { kind: 'live', message: '' };
    case 'starting':
      return { kind: 'starting', message: l10n.t('OpenCode is starting…') };
    case 'reconnecting':
      return {
        kind: 'reconnecting',
        message: l10n.t('The connection to OpenCode broke; connecting again. What is shown may be old.'),
        since: state.since,
        action: retry,
      };
    case 'stale':
      return {
        kind: 'stale',
        message: l10n.t('OpenCode is silent; what is shown may be old.'),
        since: state.since,
        action: retry,
      };
    case 'awaited':
      return { kind: 'starting', message: state.reason };
    case 'unreachable':
      return { kind: 'down', message: state.reason, since: state.since, action: retry };
    case 'stopped':
      return {
        kind: 'down',
        message: l10n.t('There is no connection to an OpenCode server.'),
        action: retry,
      };
    case 'untrusted':
      return {
        kind: 'down',
        message: l10n.t('OpenCode is not started in a folder that you do not trust.'),
        action: { title: l10n.t('Manage Trust'), command: 'workbench.trust.manage' },
      };
    case 'unauthorised':
      return {
        kind: 'down',
        message: state.message,
        action: connect,
      };
    case 'notInstalled':
      return {
        kind: 'down',
        message: l10n.t('OpenCode was not found on this computer.'),
        action: { title: l10n.t('Install OpenCode'), command: 'opencodeSessions.server.install' },
      };
    default:
      return { kind: 'down', message: state.message, action: retry };
  }
}
