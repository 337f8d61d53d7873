import type { TakenMention } from '../../protocol/page/composer.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';
import { timeAgo } from '../relativeTime.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { hasLetters } from './completionRank.ts';
import { toSessionWord } from './takenMentions.ts';

type SessionMention = Extract<ToPage, { type: 'completions' }>['items'][number];

/** The session to which the prompt goes. */
type Addressee = Pick<Session, 'id' | 'directory'>;

interface Other {
  readonly id: string;
  readonly title: string;
  readonly updated: number;
}

const limit = 8;

/** What other sessions of its folder may be mentioned in a prompt to a session, those that were active last first. */
export function mentionSessions(
  sessions: Pick<Sessions, 'all' | 'title'>,
  to: Addressee,
  query: string,
  now: number,
): readonly SessionMention[] {
  const others = othersOf(sessions, to);
  const words = wordsFor(others);
  return others
    .filter(({ title }) => hasLetters(title, query))
    .sort((a, b) => b.updated - a.updated)
    .slice(0, limit)
    .map((other) => ({
      kind: 'session',
      label: other.title,
      detail: timeAgo(other.updated, now),
      insert: words(other),
      sessionId: other.id,
    }));
}

/** How one session is mentioned in a prompt to another; undefined: it is none that may be mentioned there. */
export function mentionSession(
  sessions: Pick<Sessions, 'all' | 'title'>,
  to: Addressee,
  sessionId: string,
): TakenMention | undefined {
  const others = othersOf(sessions, to);
  const other = others.find(({ id }) => id === sessionId);
  return other && { kind: 'session', word: wordsFor(others)(other), label: other.title, sessionId };
}

function othersOf(sessions: Pick<Sessions, 'all' | 'title'>, { id, directory }: Addressee): readonly Other[] {
  return sessions
    .all()
    .filter((session) => session.directory === directory && session.id !== id)
    .map((session) => ({ id: session.id, title: sessions.title(session), updated: session.time.updated }));
}

/** The word for each of them: two of one name are told apart where both are mentioned. */
function wordsFor(others: readonly Other[]): (other: Other) => string {
  const named = Map.groupBy(others, ({ title }) => toSessionWord(title));
  return ({ id, title }) => {
    const word = toSessionWord(title);
    return named.get(word)?.length === 1 ? word : toSessionWord(`${title} · ${id.slice(-4)}`);
  };
}
