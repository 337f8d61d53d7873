import { ProgressLocation, window } from 'vscode';
import { plainLine } from '../../core/plainText.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';

/** Progress as a notification with a Cancel button. */
export const runWithProgress: RunWithProgress = (title, run) =>
  Promise.resolve(
    window.withProgress(
      { location: ProgressLocation.Notification, title: plainLine(title), cancellable: true },
      (progress, token) => run(token, (message) => progress.report({ message: plainLine(message) })),
    ),
  );
