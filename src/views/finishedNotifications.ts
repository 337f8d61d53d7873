import type { Remedy } from '../core/errors.ts';
import { runErrorWords } from '../core/errorWords.ts';
import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Results } from '../core/rows/results.ts';
import type { Notice, Notify } from '../core/ports/notify.ts';
import type { RunEnd } from '../core/sessions/lastEnds.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Unread } from '../core/sessions/unread.ts';
import type { Outcome } from '../core/turns/outcome.ts';
import { describeCutOff } from '../core/turns/outcomeText.ts';
import { runRemedies } from '../core/turns/runRemedies.ts';
import type { Session } from '../protocol/records.ts';

export interface FinishedNotificationsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'title'>;
  readonly unread: Pick<Unread, 'onDidMark'>;
  /** What a session came to; empty: nothing was answered. */
  readonly results: Pick<Results, 'soon'>;
  readonly isWanted: () => boolean;
  readonly notify: Notify;
}

/** From so many sessions on that a server takes with it, one notification tells of all. */
const many = 3;

/** Tells how sessions ended while nobody looked, but for those that somebody stopped. Disposing the answer ends it. */
export function notifyOfFinished(ports: FinishedNotificationsPorts): Disposable {
  return ports.unread.onDidMark((ends) => {
    if (!ports.isWanted()) return;
    const isTogether = ends.length >= many && ends.every(({ outcome }) => isOfServer(outcome));
    if (isTogether) ports.notify(describeTogether(ends));
    else for (const end of ends) void notifyOf(ports, end);
  });
}

async function notifyOf(
  { sessions, results, notify }: FinishedNotificationsPorts,
  end: RunEnd,
): Promise<void> {
  const isSilent = end.outcome.kind === 'settled' && (await results.soon(end.sessionId)) === '';
  const notice = describe({ sessions }, end, isSilent);
  if (notice !== undefined) notify(notice);
}

function isOfServer({ kind }: Outcome): boolean {
  return kind === 'interrupted' || kind === 'unanswered';
}

function describeTogether({ length }: readonly RunEnd[]): Notice {
  return {
    severity: 'warning',
    message: l10n.t('{0} sessions were cut off, because their server ended. Their rows say which.', length),
    actions: [],
  };
}

function describe(
  { sessions }: Pick<FinishedNotificationsPorts, 'sessions'>,
  { sessionId, outcome }: RunEnd,
  isSilent: boolean,
): Notice | undefined {
  const session = sessions.get(sessionId);
  const message = session && describeEnd(sessions.title(session), outcome, isSilent);
  if (session === undefined || message === undefined) return undefined;
  const open = {
    title: l10n.t('Go to Session'),
    command: 'opencodeSessions.session.open',
    arguments: [sessionId],
  };
  if (outcome.kind === 'settled') return { message, actions: [open] };
  return { severity: 'warning', message, actions: [...likeliestRemedy(session, outcome), open] };
}

/** The first thing to do about a run that failed; the card in its transcript has the others. */
function likeliestRemedy({ id, model }: Session, outcome: Outcome): readonly Remedy[] {
  if (outcome.kind !== 'failed') return [];
  return runRemedies(outcome.error, { sessionId: id, providerId: model?.providerID }).slice(0, 1);
}

function describeEnd(title: string, outcome: Outcome, isSilent: boolean): string | undefined {
  switch (outcome.kind) {
    case 'settled':
      return isSilent ? l10n.t('“{0}” ended without an answer.', title) : l10n.t('“{0}” finished.', title);
    case 'failed':
      return l10n.t('“{0}” failed: {1}', title, runErrorWords(outcome.error));
    case 'rejected':
      return l10n.t('“{0}” ended without an answer, because a request was rejected.', title);
    case 'incomplete':
    case 'interrupted':
    case 'unanswered':
      return l10n.t('“{0}” did not finish: {1}.', title, describeCutOff(outcome, true));
    case 'aborted':
    case 'unseen':
    case 'deleted':
      return undefined;
  }
}
