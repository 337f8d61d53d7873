import { window, type LogOutputChannel } from 'vscode';

/** The extension's log, under its own name in the Output panel. */
export function createLogChannel(): LogOutputChannel {
  return window.createOutputChannel('OpenCode Sessions', { log: true });
}
