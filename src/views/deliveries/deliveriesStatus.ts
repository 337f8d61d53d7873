import { StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { plainWords } from '../../core/plainText.ts';
import type { Hold } from '../../core/state/hold.ts';
import type { CommandId } from '../../manifest.ts';

export interface DeliveriesStatusPorts {
  readonly hold: Hold;
  /** What waits to be sent by itself. */
  readonly pending: { readonly count: number; readonly onDidChange: Event<void> };
}

const stopCommand: CommandId = 'opencodeSessions.deliveries.stopAll';
const releaseCommand: CommandId = 'opencodeSessions.deliveries.release';

/** The status bar's item of what waits to be sent by itself: a way to stop all of it, and, while it is held, to release it. */
export class DeliveriesStatus implements Disposable {
  readonly #ports: DeliveriesStatusPorts;
  readonly #item: StatusBarItem;
  readonly #disposables: readonly Disposable[];

  constructor(ports: DeliveriesStatusPorts) {
    this.#ports = ports;
    // Right of the connection's.
    this.#item = window.createStatusBarItem('opencodeSessions.deliveries', StatusBarAlignment.Left, -1);
    this.#item.name = l10n.t('OpenCode Deliveries');
    this.#disposables = [
      this.#item,
      ports.pending.onDidChange(() => this.#show()),
      ports.hold.onDidChange(() => this.#show()),
    ];
    this.#show();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show(): void {
    const { hold, pending } = this.#ports;
    const { count } = pending;
    const isHeld = hold.isHeld();
    if (!isHeld && count === 0) return this.#item.hide();
    const waiting = count === 1 ? l10n.t('1 prompt waits.') : l10n.t('{0} prompts wait.', count);
    const words = isHeld
      ? [
          l10n.t('Stop All holds what is sent by itself. {0}', waiting),
          l10n.t('Click: {0}', l10n.t('Release')),
        ]
      : [l10n.t('To be sent by itself: {0}', waiting), l10n.t('Click: {0}', l10n.t('Stop All'))];
    this.#item.text = isHeld
      ? `$(debug-pause) ${count === 0 ? l10n.t('Held') : l10n.t('Held: {0}', count)}`
      : `$(clock) ${l10n.t('{0} to send', count)}`;
    this.#item.tooltip = plainWords(words.join('\n'));
    this.#item.accessibilityInformation = { label: words.join(' '), role: 'button' };
    this.#item.command = isHeld ? releaseCommand : stopCommand;
    this.#item.backgroundColor = isHeld ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}
