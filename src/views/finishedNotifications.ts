import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Notice, Notify } from '../core/notify.ts';
import { titleOf } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Unread } from '../core/sessions/unread.ts';
import type { Session } from '../protocol/records.ts';

export interface FinishedNotificationsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'lastError'>;
  readonly unread: Pick<Unread, 'has' | 'onDidChange'>;
  readonly isWanted: () => boolean;
  readonly notify: Notify;
}

/** Tells that a session finished or failed while nobody looked. Disposing the answer ends it. */
export function notifyOfFinished(ports: FinishedNotificationsPorts): Disposable {
  return ports.unread.onDidChange(({ sessionId }) => {
    const session = ports.sessions.get(sessionId);
    if (session === undefined || !ports.unread.has(sessionId) || !ports.isWanted()) return;
    ports.notify(describe(ports, session));
  });
}

function describe({ sessions }: Pick<FinishedNotificationsPorts, 'sessions'>, session: Session): Notice {
  const error = sessions.lastError(session.id);
  const title = titleOf(session);
  const open = {
    title: l10n.t('Go to Session'),
    command: 'opencodeSessions.session.open',
    arguments: [session.id],
  };
  return error === undefined
    ? { message: l10n.t('“{0}” finished.', title), actions: [open] }
    : {
        severity: 'warning',
        message: l10n.t('“{0}” failed: {1}', title, error.data.message ?? error.name),
        actions: [open],
      };
}
