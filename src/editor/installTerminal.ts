import { homedir } from 'node:os';
import { window, type Terminal } from 'vscode';
import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';

/** A terminal that installs OpenCode before the person's eyes, and word when it is done. */
export class InstallTerminal implements Disposable {
  readonly #command: string;
  readonly #onDone: () => void;
  readonly #subscriptions: readonly Disposable[];
  #terminal: Terminal | undefined;

  constructor(command: string, onDone: () => void) {
    this.#command = command;
    this.#onDone = onDone;
    this.#subscriptions = [
      window.onDidEndTerminalShellExecution(({ terminal }) => this.#end(terminal)),
      window.onDidCloseTerminal((terminal) => this.#end(terminal)),
    ];
  }

  install(): void {
    // In the folder of a repository its files would have a say in which programs run.
    this.#terminal ??= window.createTerminal({ name: l10n.t('Install OpenCode'), cwd: homedir() });
    this.#terminal.show();
    this.#terminal.sendText(this.#command);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #end(terminal: Terminal): void {
    if (terminal !== this.#terminal) return;
    if (terminal.exitStatus !== undefined) this.#terminal = undefined;
    this.#onDone();
  }
}
