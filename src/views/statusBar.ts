import { StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import type { Attention } from '../core/sessions/attention.ts';
import type { Companions } from '../core/state/companions.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Disposable, Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import { plainWords } from '../core/plainText.ts';
import { connectRemedy, type ModelLack } from '../core/state/modelLack.ts';
import type { WorkingSessions } from '../core/sessions/workingSessions.ts';
import { viewIds, type CommandId } from '../manifest.ts';
import { toCommand } from './actionItem.ts';
import { companionLines } from './companionTexts.ts';
import {
  connectionActions,
  summarizeConnection,
  summarizeNoModel,
  type ConnectionSummary,
} from './connectionTexts.ts';

export interface StatusBarPorts {
  readonly working: Pick<WorkingSessions, 'ids' | 'onDidChange'>;
  readonly attention: Pick<Attention, 'roots' | 'onDidChange'>;
  readonly models: Pick<ModelLack, 'isLacking' | 'onDidChange'>;
  readonly companions: Pick<Companions, 'states' | 'onDidChange'>;
  readonly directoryName: (directory: string) => string;
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
}

/** The status bar's item: the connection, how many sessions work, and how many wait for the user. */
export class StatusBar implements Disposable {
  readonly #ports: StatusBarPorts;
  readonly #item: StatusBarItem;
  readonly #disposables: readonly Disposable[];

  constructor(ports: StatusBarPorts) {
    this.#ports = ports;
    this.#item = window.createStatusBarItem('opencodeSessions.status', StatusBarAlignment.Left, 0);
    this.#item.name = l10n.t('OpenCode Sessions');
    this.#disposables = [
      this.#item,
      ports.working.onDidChange(() => this.#show()),
      ports.attention.onDidChange(() => this.#show()),
      ports.models.onDidChange(() => this.#show()),
      ports.companions.onDidChange(() => this.#show()),
      ports.connection.onDidChangeState(() => this.#show()),
    ];
    this.#show();
    this.#item.show();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show(): void {
    const { state } = this.#ports.connection;
    const isLive = state.kind === 'live';
    const { isLacking } = this.#ports.models;
    const summary = isLive && isLacking ? summarizeNoModel(state) : summarizeConnection(state);
    const [action] = isLive && isLacking ? [connectRemedy()] : connectionActions(state);
    const { companions, directoryName } = this.#ports;
    const companionWords = isLive ? companionLines(companions.states, directoryName) : [];
    const waiting = isLive ? this.#ports.attention.roots.length : 0;
    const working = isLive ? this.#ports.working.ids.size : 0;
    const counts = [
      waiting > 0 ? `$(bell-dot) ${waiting}` : undefined,
      working > 0 ? `$(play-circle) ${working}` : undefined,
    ].filter((text) => text !== undefined);
    const words = [
      summary.tooltip,
      ...companionWords,
      action === undefined ? undefined : l10n.t('Click: {0}', action.title),
      waiting > 0 ? l10n.t('Waiting for you: {0}', waiting) : undefined,
      working > 0 ? l10n.t('Working: {0}', working) : undefined,
    ].filter((text) => text !== undefined);
    this.#item.text = [`$(${summary.icon}) ${summary.text}`, ...counts].join(' ');
    this.#item.tooltip = plainWords(words.join('\n'));
    this.#item.accessibilityInformation = { label: `${summary.text}, ${words.join(', ')}`, role: 'button' };
    this.#item.command = waiting > 0 ? answerCommand : action === undefined ? showCommand : toCommand(action);
    this.#item.backgroundColor = background(waiting > 0 ? 'warning' : summary.severity);
  }
}

const showCommand = `${viewIds.sessions}.focus`;
const answerCommand: CommandId = 'opencodeSessions.session.answer';

function background(severity: ConnectionSummary['severity']): ThemeColor | undefined {
  return severity === 'none' ? undefined : new ThemeColor(`statusBarItem.${severity}Background`);
}
