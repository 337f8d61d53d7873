import type { Wait } from '../../protocol/page/header.ts';
import type { Session } from '../../protocol/records.ts';
import { approachesBelow, isKept } from './related.ts';
import type { Attention } from './attention.ts';
import type { SessionChanges } from '../changes/sessionChanges.ts';
import type { ContextUses } from './contextUses.ts';
import type { Offers } from '../state/offers.ts';
import { waitedBetween } from '../turns/waitedBetween.ts';
import type { LastEnds } from './lastEnds.ts';
import type { Elsewhere } from './elsewhereSessions.ts';
import type { SessionActivity, SessionFacts } from './sessionRow.ts';
import { findSessionState, type SessionState } from './sessionState.ts';
import type { Sessions } from './sessionStore.ts';
import type { Unread } from './unread.ts';
import { contextUse, costWithSubagents } from './usage.ts';

export interface FactSources {
  readonly sessions: Sessions;
  readonly attention: Pick<Attention, 'of'>;
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere'>;
  readonly unread: Pick<Unread, 'has'>;
  readonly contextUses: Pick<ContextUses, 'latest'>;
  readonly changes: Pick<SessionChanges, 'figure'>;
  readonly offers: Pick<Offers, 'known'>;
  readonly activities: { of(sessionId: string): SessionActivity };
  /** What unread sessions came to. */
  readonly results: { of(sessionId: string): string | undefined };
  readonly waits: { of(sessionId: string): readonly Wait[] };
  readonly elsewhere: Pick<Elsewhere, 'get' | 'folderOf'>;
  readonly now: () => number;
}

/** Gathers, from all the stores, what a row shows of a session. */
export class SessionFactsReader {
  readonly #sources: FactSources;

  constructor(sources: FactSources) {
    this.#sources = sources;
  }

  read(session: Session): SessionFacts {
    const { sessions, contextUses, changes, offers, elsewhere, now } = this.#sources;
    const origin = sessions.origin(session);
    const { from } = origin;
    const answer = contextUses.latest(session.id);
    const source = from === undefined ? undefined : (sessions.get(from) ?? elsewhere.get(from));
    return {
      session,
      title: sessions.title(session),
      origin,
      state: this.stateOf(session),
      cost: costWithSubagents(session, sessions),
      context: answer && contextUse(answer, offers.known(session.directory)?.providers),
      firstPrompt: sessions.firstPrompt(session.id),
      sourceTitle: source && sessions.title(source),
      folder: elsewhere.folderOf(session),
      changes: changes.figure(session),
      isKept: isKept(sessions, session),
      isBranched: approachesBelow(sessions, session).length > 0,
      result: this.#sources.results.of(session.id),
      activity: this.#activityOf(session.id),
      now: now(),
    };
  }

  /** The time in which it waited for a person is none in which it worked. */
  #activityOf(sessionId: string): SessionActivity {
    const { activities, waits, now } = this.#sources;
    const { since, ...activity } = activities.of(sessionId);
    if (since === undefined) return activity;
    const { milliseconds, isLeast } = waitedBetween(waits.of(sessionId), since, now());
    return isLeast ? activity : { ...activity, since: since + milliseconds };
  }

  stateOf({ id }: Session): SessionState {
    return this.#sources.elsewhere.get(id) === undefined
      ? findSessionState(this.#sources, id)
      : { kind: 'unknown' };
  }
}
