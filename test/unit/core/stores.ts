import { LastEnds, type LastEndsPorts } from '../../../src/core/sessions/lastEnds.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import type { DirectorySnapshot } from '../../../src/core/ports/serverSink.ts';
import { hearing } from './hearing.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import type {
  MessageWithParts,
  PermissionRequest,
  QuestionRequest,
  Session,
} from '../../../src/protocol/records.ts';

/** A real store that a server told of these sessions. */
export function aStore(
  sessions: readonly Session[],
  given: Partial<Omit<DirectorySnapshot, 'sessions'>> = {},
): SessionStore {
  const store = new SessionStore();
  store.reset([{ directory: '/work', statuses: {}, permissions: [], questions: [], sessions, ...given }]);
  return store;
}

/** The ends of the sessions of a store, and both told of what the server says; `messagesOf` is what the server holds. */
export function someEnds(
  sessions: SessionStore,
  messagesOf: (sessionId: string, limit: number) => Promise<readonly MessageWithParts[]> = () =>
    Promise.resolve([]),
  startTimer: LastEndsPorts['startTimer'] = () => ({ dispose: () => undefined }),
) {
  const turns = new SettledTurns();
  const ends = new LastEnds({
    turns,
    sessions,
    readMessages: messagesOf,
    startTimer,
    log: { debug: () => undefined },
  });
  const sinks = [sessions, turns, ends];
  return {
    turns,
    ends,
    say: hearing(...sinks),
    reset: (snapshot: Partial<DirectorySnapshot>): void => {
      const empty = { directory: '/work', sessions: [], statuses: {}, permissions: [], questions: [] };
      for (const sink of sinks) sink.reset([{ ...empty, ...snapshot }]);
    },
  };
}

export function aPermission(given: Partial<PermissionRequest> & { sessionID: string }): PermissionRequest {
  return {
    id: `per_${given.sessionID}`,
    permission: 'bash',
    patterns: ['npm test'],
    metadata: {},
    always: ['npm *'],
    ...given,
  };
}

export function aQuestion(given: Partial<QuestionRequest> & { sessionID: string }): QuestionRequest {
  return {
    id: `que_${given.sessionID}`,
    questions: [{ question: 'Which colour?', header: 'Colour', options: [] }],
    ...given,
  };
}
