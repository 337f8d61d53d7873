import type { Session } from '../../../protocol/records.ts';

/** The sessions that a server was heard of to have, by their ids: not every event says where its session is. */
export class KnownSessions {
  readonly #sessions = new Map<string, Session>();

  note(session: Session): Session {
    this.#sessions.set(session.id, session);
    return session;
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  delete(id: string): void {
    this.#sessions.delete(id);
  }
}
