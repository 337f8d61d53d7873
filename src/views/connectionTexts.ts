import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Remedy } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { CommandId } from '../manifest.ts';

/** Whether sessions are shown: always while a server is, or was just, there. */
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
      if (state.isService === true) return l10n.t('Connecting to your OpenCode background service…');
      return state.url === undefined ? l10n.t('Starting OpenCode…') : l10n.t('Connecting to {0}…', state.url);
    case 'reconnecting':
      return l10n.t(
        'Connection lost at {0}; connecting again. This is how things stood then.',
        clock(state.since),
      );
    case 'unreachable':
      return l10n.t(
        '{0} Not there since {1}; it is tried again and again.',
        state.reason,
        clock(state.since),
      );
    case 'awaited':
      return l10n.t('{0} It is asked again until it is there.', state.reason);
    case 'stale':
      return l10n.t('Nothing heard from the server since {0}. What is shown may be old.', clock(state.since));
    case 'incompatible':
    case 'unauthorised':
    case 'failed':
      return state.message;
    default:
      return '';
  }
}

/** Something a person can do about the connection. */
export interface ConnectionAction extends Remedy {
  /** The name of an icon (codicon). */
  readonly icon: string;
}

/** What can be done about the connection, the most likely first. */
export function connectionActions(state: ConnectionState): readonly ConnectionAction[] {
  switch (state.kind) {
    case 'live':
    case 'starting':
      return [];
    case 'stopped':
      return [{ ...tryAgain(), title: l10n.t('Start OpenCode') }];
    case 'reconnecting':
    case 'stale':
      return [tryAgain()];
    case 'unreachable':
    case 'awaited':
      return [tryAgain(), connectElsewhere(), showLog()];
    case 'unauthorised':
      return [
        own('opencodeSessions.server.connect', l10n.t('Enter Password…'), 'key', [{ url: state.url }]),
        tryAgain(),
        connectElsewhere(),
      ];
    case 'incompatible':
      return [...(state.managed ? [install(), nameProgram()] : []), tryAgain(), connectElsewhere()];
    case 'notInstalled':
      return [install(), nameProgram(), tryAgain(), connectElsewhere()];
    case 'untrusted':
      return [
        {
          title: l10n.t('Manage Workspace Trust'),
          icon: 'workspace-trusted',
          command: 'workbench.trust.manage',
        },
      ];
    case 'failed': {
      const { remedy, needsRestart } = state;
      const others = [needsRestart === true ? restart() : tryAgain(), connectElsewhere(), showLog()];
      if (remedy === undefined) return others;
      return [
        { icon: remedyIcons[remedy.command] ?? 'tools', ...remedy },
        ...others.filter(({ command }) => command !== remedy.command),
      ];
    }
  }
}

const remedyIcons: Readonly<Record<string, string>> = {
  'opencodeSessions.log.show': 'output',
  'opencodeSessions.server.connect': 'plug',
  'opencodeSessions.server.reconnect': 'refresh',
  'opencodeSessions.server.restart': 'debug-restart',
  'vscode.open': 'go-to-file',
  'workbench.action.openSettings': 'gear',
};

/** What can be done, as rows where the tree would otherwise be empty. The other states have a welcome with buttons. */
export function connectionRows(state: ConnectionState): readonly ConnectionAction[] {
  return showsSessions(state) || connectionMessage(state) === '' ? [] : connectionActions(state);
}

/** What the status bar says of the connection. */
export interface ConnectionSummary {
  /** The name of an icon (codicon). */
  readonly icon: string;
  readonly text: string;
  readonly tooltip: string;
  readonly severity: 'none' | 'warning' | 'error';
}

export function summarizeConnection(state: ConnectionState): ConnectionSummary {
  switch (state.kind) {
    case 'live':
      return summary('none', 'comment-discussion', l10n.t('OpenCode'), describeServer(state));
    case 'starting':
      return summary('none', 'sync~spin', l10n.t('OpenCode: starting'), connectionMessage(state));
    case 'reconnecting':
      return summary(
        'warning',
        'sync~spin',
        l10n.t('OpenCode: reconnecting'),
        l10n.t('Connection lost at {0}. {1} Attempt {2}.', clock(state.since), state.reason, state.attempt),
      );
    case 'unreachable':
      return summary(
        'warning',
        'sync~spin',
        l10n.t('OpenCode: not there'),
        l10n.t('{0} Attempt {1} since {2}.', state.reason, state.attempt, clock(state.since)),
      );
    case 'awaited':
      return summary('none', 'sync~spin', l10n.t('OpenCode: starting'), connectionMessage(state));
    case 'stale':
      return summary('warning', 'warning', l10n.t('OpenCode: silent'), connectionMessage(state));
    case 'stopped':
      return summary(
        'none',
        'debug-disconnect',
        l10n.t('OpenCode: stopped'),
        l10n.t('No OpenCode server is running.'),
      );
    case 'untrusted':
      return summary(
        'none',
        'workspace-untrusted',
        l10n.t('OpenCode: not trusted'),
        l10n.t('OpenCode is not started in a workspace that is not trusted.'),
      );
    case 'unauthorised':
      return summary('error', 'lock', l10n.t('OpenCode: password'), connectionMessage(state));
    case 'incompatible':
      return summary('error', 'error', l10n.t('OpenCode: version'), connectionMessage(state));
    case 'notInstalled':
      return summary(
        'warning',
        'cloud-download',
        l10n.t('OpenCode: not installed'),
        l10n.t('No “opencode” was found.'),
      );
    case 'failed':
      return summary('error', 'error', l10n.t('OpenCode: failed'), connectionMessage(state));
  }
}

/** What it says of a server that is there, and has no model to answer with. */
export function summarizeNoModel(state: Extract<ConnectionState, { kind: 'live' }>): ConnectionSummary {
  const words = [l10n.t('No provider of models is connected.'), describeServer(state)];
  return summary('warning', 'sign-in', l10n.t('OpenCode: no model'), words.join('\n'));
}

function summary(
  severity: ConnectionSummary['severity'],
  icon: string,
  text: string,
  tooltip: string,
): ConnectionSummary {
  return { severity, icon, text, tooltip };
}

/** Which server it is, of which version and generation. */
function describeServer(state: Extract<ConnectionState, { kind: 'live' }>): string {
  const { version, newerThan, meetsService, unreadable = [] } = state;
  const [, generation] = /^v?(\d+)\./.exec(version) ?? [];
  const standing =
    newerThan === undefined
      ? []
      : [l10n.t('Newer than {0}, the latest version that OpenCode Sessions was tried with', newerThan)];
  return [
    nameServer(state),
    ...(generation === undefined ? [] : [l10n.t('Spoken with as generation {0}.x', generation)]),
    ...standing,
    ...(meetsService === true ? [secondServerWords()] : []),
    ...unreadable.map(({ message }) => message),
  ].join('\n');
}

function nameServer({
  managed,
  isService,
  version,
  url,
}: Extract<ConnectionState, { kind: 'live' }>): string {
  if (managed) return l10n.t('OpenCode {0}, run by the editor', version);
  return isService === true
    ? l10n.t('OpenCode {0}, your background service at {1}', version, url)
    : l10n.t('OpenCode {0} at {1}', version, url);
}

/** What is wrong where the person's own service runs beside a server of ours. */
export function secondServerWords(): string {
  return l10n.t(
    'Your OpenCode background service began to run beside the server of the editor. Two servers on the same sessions do not hear of each other, and a session that works on both is damaged.',
  );
}

function own(
  command: CommandId,
  title: string,
  icon: string,
  parameters?: readonly unknown[],
): ConnectionAction {
  return { title, icon, command, ...(parameters === undefined ? {} : { arguments: parameters }) };
}

function tryAgain(): ConnectionAction {
  return own('opencodeSessions.server.reconnect', l10n.t('Try Again'), 'refresh');
}

function restart(): ConnectionAction {
  return own('opencodeSessions.server.restart', l10n.t('Restart Server'), 'debug-restart');
}

function connectElsewhere(): ConnectionAction {
  return own('opencodeSessions.server.connect', l10n.t('Connect to Server…'), 'plug');
}

function install(): ConnectionAction {
  return own(
    'opencodeSessions.server.install',
    l10n.t('Install OpenCode 1.x in a Terminal'),
    'cloud-download',
  );
}

function showLog(): ConnectionAction {
  return own('opencodeSessions.log.show', l10n.t('Show Log'), 'output');
}

function nameProgram(): ConnectionAction {
  return {
    title: l10n.t('Name Another Program…'),
    icon: 'gear',
    command: 'workbench.action.openSettings',
    arguments: ['opencodeSessions.server.path'],
  };
}

function clock(time: number): string {
  return new Date(time).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
}
