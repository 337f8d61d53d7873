import type { RunError } from '../../protocol/records.ts';
import type { Attention, Waiting } from './attention.ts';
import type { Sessions } from './sessionStore.ts';
import type { Unread } from './unread.ts';

/** What a person wants to know first of a session; where several are true, the first of this list is told. */
export type SessionState =
  | { readonly kind: 'permission' | 'question'; readonly waiting: Waiting }
  /** `next` is the time of the next attempt, in milliseconds since 1970. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly message: string; readonly next: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'error'; readonly error: RunError }
  | { readonly kind: 'unread' }
  | { readonly kind: 'idle' };

export interface SessionStateSources {
  readonly sessions: Pick<Sessions, 'status' | 'lastError'>;
  readonly attention: Pick<Attention, 'of'>;
  readonly unread: Pick<Unread, 'has'>;
}

/** The state of a session, with what its subagents wait for. */
export function findSessionState(sources: SessionStateSources, sessionId: string): SessionState {
  const [waiting] = sources.attention.of(sessionId);
  if (waiting !== undefined) return { kind: waiting.kind, waiting };
  const status = sources.sessions.status(sessionId);
  if (status.type === 'retry') {
    return { kind: 'retry', attempt: status.attempt, message: status.message, next: status.next };
  }
  if (status.type === 'busy') return { kind: 'busy' };
  const error = sources.sessions.lastError(sessionId);
  if (error !== undefined) return { kind: 'error', error };
  return { kind: sources.unread.has(sessionId) ? 'unread' : 'idle' };
}
