import { window } from 'vscode';
import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { titleOf } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Unread } from '../core/sessions/unread.ts';
import type { CommandId } from '../manifest.ts';
import type { Session } from '../protocol/records.ts';

export interface FinishedNotificationsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'lastError'>;
  readonly unread: Pick<Unread, 'has' | 'onDidChange'>;
  readonly isWanted: () => boolean;
  readonly run: (command: CommandId, argument: unknown) => Promise<void>;
  readonly log: Log;
}

/** Tells that a session finished or failed while nobody looked. Disposing the answer ends it. */
export function notifyOfFinished(ports: FinishedNotificationsPorts): Disposable {
  return ports.unread.onDidChange(({ sessionId }) => {
    const session = ports.sessions.get(sessionId);
    if (session === undefined || !ports.unread.has(sessionId) || !ports.isWanted()) return;
    tell(ports, session).catch((error: unknown) => {
      ports.log.error('A finished session could not be opened.', error);
    });
  });
}

async function tell({ sessions, run }: FinishedNotificationsPorts, session: Session): Promise<void> {
  const open = l10n.t('Go to Session');
  const error = sessions.lastError(session.id);
  const title = titleOf(session);
  const chosen =
    error === undefined
      ? await window.showInformationMessage(l10n.t('“{0}” finished.', title), open)
      : await window.showWarningMessage(
          l10n.t('“{0}” failed: {1}', title, error.data.message ?? error.name),
          open,
        );
  if (chosen === open) await run('opencodeSessions.session.open', session.id);
}
