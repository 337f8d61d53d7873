import { isUnnamed } from '../../core/sessions/unnamed.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';

/** The titles that a fork of this session must not have. */
export function siblingTitles(sessions: Pick<Sessions, 'all'>, source: Session): readonly string[] {
  return sessions
    .all()
    .filter(({ directory, title }) => directory === source.directory && !isUnnamed(title))
    .map(({ title }) => title);
}
