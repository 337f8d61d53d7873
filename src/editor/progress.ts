import { ProgressLocation, window } from 'vscode';
import type { RunWithProgress } from '../core/progress.ts';

/** Progress as a notification with a Cancel button. */
export const runWithProgress: RunWithProgress = (title, run) =>
  Promise.resolve(
    window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => run(token, (message) => progress.report({ message })),
    ),
  );
