import type { ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { exists } from './cacheFolder.ts';
import { startProcess } from './childProcess.ts';

const editors = ['code', 'codium', 'cursor'];

/** The command of a desktop VS Code on the PATH, or undefined where there is none or no screen to show it on. */
export async function findDesktopEditor(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!hasScreen(environment)) return undefined;
  const suffixes = process.platform === 'win32' ? ['.cmd'] : [''];
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    for (const suffix of suffixes) {
      for (const editor of editors) {
        const command = join(folder, editor + suffix);
        if (await exists(command)) return command;
      }
    }
  }
  return undefined;
}

/** In a terminal of a remote window, `code` is a messenger to that window and opens no other. */
function hasScreen({ DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI }: NodeJS.ProcessEnv): boolean {
  if (VSCODE_IPC_HOOK_CLI) return false;
  return process.platform !== 'linux' || Boolean(DISPLAY ?? WAYLAND_DISPLAY);
}

export interface DesktopWindow {
  readonly folder: string;
  readonly extension: string;
  /** Holds the window's own settings and extensions, apart from the person's. */
  readonly dataFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly asksForTrust: boolean;
}

/** Opens a window of a desktop VS Code; the process ends when the window is closed. */
export function openDesktopWindow(command: string, window: DesktopWindow): ChildProcess {
  const args = [
    '--new-window',
    '--wait',
    `--extensionDevelopmentPath=${window.extension}`,
    `--user-data-dir=${join(window.dataFolder, 'user')}`,
    `--extensions-dir=${join(window.dataFolder, 'extensions')}`,
    '--skip-welcome',
    '--skip-release-notes',
    ...(window.asksForTrust ? [] : ['--disable-workspace-trust']),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    window.folder,
  ];
  return startProcess(command, args, {
    env: window.environment,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
