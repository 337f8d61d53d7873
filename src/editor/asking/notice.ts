import { window } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { Notice, Notify } from '../../core/ports/notify.ts';
import { plainLabel, plainLine } from '../../core/plainText.ts';
import { runRemedy } from './runRemedy.ts';

/** Notices as notifications. The editor makes links of what stands in them, which may be of a model; buttons are ours. */
export function createNotify(log: Log): Notify {
  return (notice) => {
    show(notice).catch((error: unknown) => log.error('The action of a notice failed.', error));
  };
}

/** Asks in a notification, which waits as long as it takes; undefined: it was closed. */
export async function askInNotice<Answer extends string>(
  question: string,
  answers: Readonly<Record<Answer, string>>,
): Promise<Answer | undefined> {
  const chosen = await shows.information(
    plainLine(question),
    ...Object.values<string>(answers).map(plainLabel),
  );
  const found = Object.entries<string>(answers).find(([, title]) => plainLabel(title) === chosen);
  return found?.[0] as Answer | undefined;
}

async function show({ message, severity = 'information', actions }: Notice): Promise<void> {
  const titles = actions.map(({ title }) => plainLabel(title));
  const chosen = await shows[severity](plainLine(message), ...titles);
  const action = actions[chosen === undefined ? -1 : titles.indexOf(chosen)];
  if (action !== undefined) await runRemedy(action);
}

const shows = {
  information: (message: string, ...titles: string[]) => window.showInformationMessage(message, ...titles),
  warning: (message: string, ...titles: string[]) => window.showWarningMessage(message, ...titles),
  error: (message: string, ...titles: string[]) => window.showErrorMessage(message, ...titles),
} satisfies Record<NonNullable<Notice['severity']>, unknown>;
