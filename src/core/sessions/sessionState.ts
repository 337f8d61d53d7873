import type { RunError } from '../../protocol/records.ts';
import type { CutOff, Outcome } from '../turns/outcome.ts';
import type { Attention, Waiting } from './attention.ts';
import type { LastEnds } from './lastEnds.ts';
import type { Sessions } from './sessionStore.ts';
import type { Unread } from './unread.ts';

/** What a person wants to know first of a session; where several are true, the first of this list is told. */
export type SessionState =
  | { readonly kind: 'permission' | 'question'; readonly waiting: Waiting }
  /** `next` is the time of the next attempt, in milliseconds since 1970. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly message: string; readonly next: number }
  | { readonly kind: 'busy' }
  /** Another OpenCode process works in it. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'error'; readonly error: RunError }
  /** `isSure`: it ran on this server, so no other process goes on with it. */
  | { readonly kind: 'cutOff'; readonly end: CutOff; readonly isSure: boolean }
  /** It works no longer, and how that ended is not known. */
  | { readonly kind: 'unseen' }
  /** `end` is absent where that was before this window was opened and is not known yet. */
  | { readonly kind: 'unread'; readonly end?: Exclude<Outcome, CutOff> }
  /** It lies in a folder that is not listened to. */
  | { readonly kind: 'unknown' }
  /** `end` where a person stopped its last run. */
  | { readonly kind: 'idle'; readonly end?: Outcome & { readonly kind: 'aborted' } };

export interface SessionStateSources {
  readonly sessions: Pick<Sessions, 'status'>;
  readonly attention: Pick<Attention, 'of'>;
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere'>;
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
  if (sources.ends.worksElsewhere(sessionId)) return { kind: 'elsewhere' };
  return afterRun(sources, sessionId);
}

function afterRun({ ends, unread }: SessionStateSources, sessionId: string): SessionState {
  const end = ends.of(sessionId);
  const isUnread = unread.has(sessionId);
  switch (end?.kind) {
    case 'failed':
      return { kind: 'error', error: end.error };
    case 'incomplete':
    case 'interrupted':
    case 'unanswered':
      return { kind: 'cutOff', end, isSure: ends.ranHere(sessionId) };
    case 'unseen':
      return { kind: 'unseen' };
    case 'aborted':
      return { kind: isUnread ? 'unread' : 'idle', end };
    case 'settled':
    case 'rejected':
    case 'deleted':
      return isUnread ? { kind: 'unread', end } : { kind: 'idle' };
    case undefined:
      return { kind: isUnread ? 'unread' : 'idle' };
  }
}
