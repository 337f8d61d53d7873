import { BusyProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';

/** Throws a sentence for people, with a button that stops it, where the session works: files that it writes are not taken back. */
export function requireIdle(
  { sessions }: { readonly sessions: Pick<Sessions, 'status'> },
  { id }: Session,
): void {
  if (sessions.status(id).type === 'idle') return;
  throw new BusyProblem(
    l10n.t('The session is working, and its files are not taken back meanwhile. Stop it first, or wait.'),
    {
      remedy: {
        title: l10n.t('Stop Session'),
        command: 'opencodeSessions.session.abort',
        arguments: [{ sessionId: id }],
      },
    },
  );
}
