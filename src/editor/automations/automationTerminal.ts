import { existsSync } from 'node:fs';
import { type Terminal, type TerminalShellExecution, ThemeIcon, window } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { ActOutcome } from '../../core/ports/automationActs.ts';
import { findHome } from '../workspaceFolders.ts';

/** Milliseconds in which a shell tells the editor what it runs, where it can. */
const integrationTime = 5000;

/**
 * Runs a line in a terminal of its own, in the folder of the window that the directory lies in, as a person would who typed
 * it. The terminal stays. Throws a `Problem` where the folder is none of the window's, or the line fails.
 */
export async function runInTerminal(text: string, directory: string, timeLimit: number): Promise<ActOutcome> {
  const home = findHome(directory);
  if (home === undefined || !existsSync(home.uri.fsPath)) {
    throw new Problem(
      l10n.t('The folder {0} is none of this window, or is gone, so no terminal was opened.', directory),
    );
  }
  const cwd = home.uri.fsPath;
  const terminal = window.createTerminal({
    name: l10n.t('OpenCode: Automation'),
    cwd,
    iconPath: new ThemeIcon('zap'),
    isTransient: true,
  });
  terminal.show(true);
  if (!(await isIntegrated(terminal))) {
    terminal.sendText(text);
    return {
      kind: 'sent',
      detail: l10n.t('It was typed into a terminal, whose shell does not tell when it ends.'),
    };
  }
  return untilEnd(terminal, text, timeLimit);
}

function isIntegrated(terminal: Terminal): Promise<boolean> {
  if (terminal.shellIntegration !== undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (isThere: boolean): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(isThere);
    };
    const timer = setTimeout(() => end(false), integrationTime);
    const subscription = window.onDidChangeTerminalShellIntegration((change) => {
      if (change.terminal === terminal) end(true);
    });
  });
}

function untilEnd(terminal: Terminal, text: string, timeLimit: number): Promise<ActOutcome> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    };
    let execution: TerminalShellExecution | undefined;
    const timer = setTimeout(() => {
      end();
      resolve({ kind: 'stillRunning' });
    }, timeLimit);
    const subscriptions = [
      window.onDidEndTerminalShellExecution((ended) => {
        // A person may run something there, too.
        if (ended.execution !== execution) return;
        end();
        if (ended.exitCode === undefined) {
          resolve({ kind: 'sent', detail: l10n.t('It ended, and the shell does not tell how.') });
        } else if (ended.exitCode === 0) resolve({ kind: 'done' });
        else reject(new Problem(l10n.t('“{0}” ended with exit code {1}.', text, ended.exitCode)));
      }),
      window.onDidCloseTerminal((closed) => {
        if (closed !== terminal) return;
        end();
        reject(new Problem(l10n.t('The terminal was closed before “{0}” ended.', text)));
      }),
    ];
    execution = terminal.shellIntegration?.executeCommand(text);
  });
}
