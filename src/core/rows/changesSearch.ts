import type { Session } from '../../protocol/records.ts';
import type { SessionChanges } from '../changes/sessionChanges.ts';
import type { Disposable } from '../event.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import { loadMessagesBack } from '../transcript/messagesBack.ts';

export interface ChangesSearchPorts {
  /** What is read here is seen by `SessionChanges`. */
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly changes: Pick<SessionChanges, 'figure'>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Pick<Log, 'debug'>;
}

/** Messages of a page. */
const size = 60;
/** So many messages are read of one session at most. */
const enough = 5 * size;
/** So many sessions wait to be read at most, the newest. */
const limit = 30;
/** Before each session that is read for its row alone, in milliseconds: the rows stand first, and the line stays free. */
const pause = 250;

/**
 * Reads what sessions changed before this window saw it, one after the other, the newest first: of rows that are drawn,
 * and of the newest sessions once somebody looks for a file. No record of a session tells whether it changed anything.
 * A session is read again once something happened in it.
 */
export class ChangesSearch implements Disposable {
  readonly #ports: ChangesSearchPorts;
  /** When a session that was read had changed last. */
  readonly #read = new Map<string, number>();
  readonly #wanted = new Map<string, Session>();
  /** Those of them for which somebody waits. */
  readonly #searched = new Set<string>();
  #reading: Promise<void> | undefined;
  #isDisposed = false;

  constructor(ports: ChangesSearchPorts) {
    this.#ports = ports;
  }

  /** Reads the newest of these sessions: their files are looked for. */
  async search(sessions: readonly Session[]): Promise<void> {
    const wanted = sessions
      .filter((session) => !this.#isRead(session))
      .toSorted(newestFirst)
      .slice(0, limit);
    for (const { id } of wanted) this.#searched.add(id);
    await this.#take(wanted);
  }

  /** Sees to it that the row of a session that rests says how much it changed, sooner or later. */
  want(session: Session): void {
    const figure = this.#ports.changes.figure(session);
    const isKnown = figure !== undefined && figure.isPartial !== true;
    if (!isKnown && !this.#isRead(session)) void this.#take([session]);
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  #isRead({ id, time }: Session): boolean {
    return this.#read.get(id) === time.updated;
  }

  async #take(sessions: readonly Session[]): Promise<void> {
    if (sessions.length === 0) return;
    for (const session of sessions) this.#wanted.set(session.id, session);
    for (const { id } of this.#newest().slice(limit)) this.#forget(id);
    this.#reading ??= this.#readAll();
    await this.#reading;
  }

  #newest(): readonly Session[] {
    const isSearched = ({ id }: Session): number => Number(this.#searched.has(id));
    return [...this.#wanted.values()].toSorted((a, b) => isSearched(b) - isSearched(a) || newestFirst(a, b));
  }

  #forget(sessionId: string): void {
    this.#wanted.delete(sessionId);
    this.#searched.delete(sessionId);
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#wanted.size > 0 && !this.#isDisposed) {
        if (this.#searched.size === 0) await this.#ports.wait(pause);
        const [next] = this.#newest();
        if (next === undefined || this.#isDisposed) return;
        this.#forget(next.id);
        await this.#readOne(next);
      }
    } catch (error) {
      // Rows that are drawn again, and the next search, ask again.
      this.#wanted.clear();
      this.#searched.clear();
      this.#ports.log.debug('What sessions changed in the files could not be read.', error);
    } finally {
      this.#reading = undefined;
    }
  }

  /** The prompt of a turn holds what the turn changed, and may stand pages before its end. */
  async #readOne({ id, time }: Session): Promise<void> {
    const { openCode } = this.#ports;
    await loadMessagesBack(
      openCode,
      id,
      (messages) => messages.length >= enough || messages.some(({ info }) => info.role === 'user'),
      size,
    );
    this.#read.set(id, time.updated);
  }
}

function newestFirst(a: Session, b: Session): number {
  return b.time.updated - a.time.updated;
}
