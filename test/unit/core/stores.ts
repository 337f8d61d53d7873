import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import type { DirectorySnapshot } from '../../../src/core/serverSink.ts';
import type { PermissionRequest, QuestionRequest, Session } from '../../../src/protocol/records.ts';

/** A real store that a server told of these sessions. */
export function aStore(
  sessions: readonly Session[],
  given: Partial<Omit<DirectorySnapshot, 'sessions'>> = {},
): SessionStore {
  const store = new SessionStore();
  store.reset([{ directory: '/work', statuses: {}, permissions: [], questions: [], sessions, ...given }]);
  return store;
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
