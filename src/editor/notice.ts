import { window } from 'vscode';
import type { Log } from '../core/log.ts';
import type { Notice, Notify } from '../core/notify.ts';
import { runRemedy } from './runRemedy.ts';

/** Notices as notifications. */
export function createNotify(log: Log): Notify {
  return (notice) => {
    show(notice).catch((error: unknown) => log.error('The action of a notice failed.', error));
  };
}

async function show({ message, severity, actions }: Notice): Promise<void> {
  const titles = actions.map(({ title }) => title);
  const chosen =
    severity === 'warning'
      ? await window.showWarningMessage(message, ...titles)
      : await window.showInformationMessage(message, ...titles);
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await runRemedy(action);
}
