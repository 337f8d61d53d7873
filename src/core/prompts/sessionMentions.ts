import type { ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';
import { timeAgo } from '../relativeTime.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { hasLetters } from './completionRank.ts';
import { toSessionWord } from './takenMentions.ts';

type SessionMention = Extract<ToPage, { type: 'completions' }>['items'][number];

const limit = 8;

/** What other sessions of its folder may be mentioned in a prompt to a session, those that were active last first. */
export function mentionSessions(
  sessions: Pick<Sessions, 'all' | 'title'>,
  { id, directory }: Pick<Session, 'id' | 'directory'>,
  query: string,
  now: number,
): readonly SessionMention[] {
  const others = sessions
    .all()
    .filter((session) => session.directory === directory && session.id !== id)
    .map((session) => ({ id: session.id, title: sessions.title(session), updated: session.time.updated }));
  const named = Map.groupBy(others, ({ title }) => toSessionWord(title));
  return others
    .filter(({ title }) => hasLetters(title, query))
    .sort((a, b) => b.updated - a.updated)
    .slice(0, limit)
    .map(({ id, title, updated }) => {
      const word = toSessionWord(title);
      // Two of one name are told apart where both are mentioned.
      const isAlone = named.get(word)?.length === 1;
      return {
        kind: 'session',
        label: title,
        detail: timeAgo(updated, now),
        insert: isAlone ? word : toSessionWord(`${title} · ${id.slice(-4)}`),
        sessionId: id,
      };
    });
}
