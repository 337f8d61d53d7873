import type { ConnectionState } from '../core/connectionState.ts';
import { l10n } from '../core/l10n.ts';
import type { CommandId } from '../manifest.ts';

/** Whether sessions are shown: always while a server is, or was just, there. Otherwise a welcome says what to do. */
export function showsSessions(state: ConnectionState): boolean {
  return state.kind === 'live' || state.kind === 'reconnecting' || state.kind === 'stale';
}

/**
 * The line above the tree; empty while all is well, and where a welcome says what to do: the editor shows
 * either of the two.
 */
export function connectionMessage(state: ConnectionState): string {
  switch (state.kind) {
    case 'starting':
      return l10n.t('Starting OpenCode…');
    case 'reconnecting':
      return l10n.t(
        'Connection lost at {0}; connecting again. This is how things stood then.',
        clock(state.since),
      );
    case 'stale':
      return l10n.t('Nothing heard from the server since {0}. What is shown may be old.', clock(state.since));
    default:
      return '';
  }
}

/** What the status bar says of the connection. */
export interface ConnectionSummary {
  /** The name of an icon (codicon). */
  readonly icon: string;
  readonly text: string;
  readonly tooltip: string;
  /** What a click does; undefined: shows the sessions. */
  readonly command: CommandId | undefined;
  readonly severity: 'none' | 'warning' | 'error';
}

export function summarizeConnection(state: ConnectionState): ConnectionSummary {
  switch (state.kind) {
    case 'live':
      return {
        icon: 'comment-discussion',
        text: l10n.t('OpenCode'),
        tooltip: state.managed
          ? l10n.t('OpenCode {0}, run by the editor', state.version)
          : l10n.t('OpenCode {0} at {1}', state.version, state.url),
        command: undefined,
        severity: 'none',
      };
    case 'starting':
      return plain('sync~spin', l10n.t('OpenCode: starting'), l10n.t('OpenCode is starting.'), undefined);
    case 'reconnecting':
      return {
        ...plain(
          'sync~spin',
          l10n.t('OpenCode: reconnecting'),
          l10n.t(
            'Connection lost at {0}: {1} (attempt {2})',
            clock(state.since),
            state.reason,
            state.attempt,
          ),
          'opencodeSessions.server.restart',
        ),
        severity: 'warning',
      };
    case 'stale':
      return {
        ...plain(
          'warning',
          l10n.t('OpenCode: silent'),
          l10n.t('Nothing heard from the server since {0}.', clock(state.since)),
          'opencodeSessions.server.restart',
        ),
        severity: 'warning',
      };
    case 'stopped':
      return plain(
        'debug-disconnect',
        l10n.t('OpenCode: stopped'),
        l10n.t('No OpenCode server is running.'),
        'opencodeSessions.server.restart',
      );
    case 'untrusted':
      return plain(
        'workspace-untrusted',
        l10n.t('OpenCode: not trusted'),
        l10n.t('OpenCode is not started in a workspace that is not trusted.'),
        undefined,
      );
    case 'unauthorised':
      return {
        ...plain(
          'lock',
          l10n.t('OpenCode: password'),
          l10n.t('The server at {0} wants another password.', state.url),
          'opencodeSessions.server.connect',
        ),
        severity: 'error',
      };
    case 'incompatible':
      return {
        ...plain(
          'error',
          l10n.t('OpenCode: version'),
          l10n.t('The server is OpenCode {0}; this extension works with {1}.', state.version, state.wanted),
          'opencodeSessions.server.connect',
        ),
        severity: 'error',
      };
    case 'notInstalled':
      return {
        ...plain(
          'cloud-download',
          l10n.t('OpenCode: not installed'),
          l10n.t('No “opencode” was found. A click installs it in a terminal.'),
          'opencodeSessions.server.install',
        ),
        severity: 'warning',
      };
    case 'failed':
      return {
        ...plain('error', l10n.t('OpenCode: failed'), state.message, 'opencodeSessions.server.restart'),
        severity: 'error',
      };
  }
}

function plain(
  icon: string,
  text: string,
  tooltip: string,
  command: CommandId | undefined,
): ConnectionSummary {
  return { icon, text, tooltip, command, severity: 'none' };
}

function clock(time: number): string {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
