import { isUnnamed } from '../../core/sessions/unnamed.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { forkTitle } from '../../core/turns/fork.ts';
import type { Session } from '../../protocol/records.ts';

/** The titles that a fork of this session must not have. */
export function siblingTitles(sessions: Pick<Sessions, 'all'>, source: Session): readonly string[] {
  return sessions
    .all()
    .filter(({ directory, title }) => directory === source.directory && !isUnnamed(title))
    .map(({ title }) => title);
}

/** What forks of a session are named after: nobody names them later, so the server's own title is no name for them. */
export function sourceTitle(sessions: Pick<Sessions, 'title'>, source: Session): string {
  return isUnnamed(source.title) ? sessions.title(source) : source.title;
}

/** The title of the next fork of a session. */
export function nextForkTitle(sessions: Pick<Sessions, 'all' | 'title'>, source: Session): string {
  return forkTitle(sourceTitle(sessions, source), siblingTitles(sessions, source));
}
