import type { SessionKind } from '../../core/sessions/sessionKind.ts';

/** How a session came to be, for a model. */
export const kindWords: Readonly<Record<SessionKind, string>> = {
  root: 'session',
  subagent: 'subagent',
  fork: 'fork',
  handoff: 'hand-off',
};
