import { formatTime } from '../figures.ts';
import { l10n } from '../l10n.ts';

/** What is known of how a document stands to its session; times are milliseconds since 1970. */
export interface DocumentStanding {
  readonly now: number;
  /** Why nothing of the session can be shown. */
  readonly problem?: string | undefined;
  readonly deletedAt?: number | undefined;
  /** Since when there is no connection to the server. */
  readonly lostAt?: number | undefined;
  /** The message after which it was to begin is not there. */
  readonly isAfterGone: boolean;
  /** All messages were read. */
  readonly isWhole: boolean;
  /** How many are there. */
  readonly count: number;
}

/** What a reader is to know before anything else, in sentences. */
export function describeStanding(standing: DocumentStanding): readonly string[] {
  const { now, problem, deletedAt, lostAt, isAfterGone, isWhole, count } = standing;
  const notices: string[] = [];
  if (problem !== undefined) notices.push(problem);
  if (deletedAt !== undefined) {
    notices.push(
      l10n.t('The session was deleted at {0}. This is what was known of it.', formatTime(deletedAt, now)),
    );
  } else if (lostAt !== undefined && count > 0) {
    notices.push(
      l10n.t('Not current since {0}: the connection to the server is lost.', formatTime(lostAt, now)),
    );
  }
  if (isAfterGone) {
    notices.push(
      l10n.t('The message after which this was to begin is not in the session: all of it is shown.'),
    );
  }
  if (!isWhole && problem === undefined && deletedAt === undefined) {
    notices.push(
      count === 0
        ? l10n.t('The session is being read.')
        : l10n.t('The messages before these are being read; {0} are here.', count),
    );
  }
  return notices;
}

/** Of a session that a server does not know; `directory` is the folder that it was of. */
export function describeUnknown(sessionId: string, directory: string | undefined): string {
  return directory === undefined
    ? l10n.t('This server has no session {0}: it was deleted, or another server keeps it.', sessionId)
    : l10n.t(
        'This server has no session {0} of {1}: it was deleted, or another server keeps it.',
        sessionId,
        directory,
      );
}
