import { window } from 'vscode';
import type { Disposable } from '../core/event.ts';

export function isWindowFocused(): boolean {
  return window.state.focused;
}

/** Calls back when the user comes back to this window. */
export function onDidFocusWindow(listener: () => void): Disposable {
  return window.onDidChangeWindowState(({ focused }) => {
    if (focused) listener();
  });
}
