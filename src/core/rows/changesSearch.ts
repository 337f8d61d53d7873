import type { Session } from '../../protocol/records.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import { loadMessagesBack } from '../transcript/messagesBack.ts';

export interface ChangesSearchPorts {
  /** What is read here is seen by `SessionChanges`. */
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly log: Pick<Log, 'debug'>;
}

/** Messages of a page. */
const size = 60;
/** So many messages are read of one session at most. */
const enough = 5 * size;
/** So many sessions are read at once for a person who looks for a file. */
const limit = 30;

/**
 * Reads what sessions changed before this window saw it, once somebody looks for a file: the newest turns of the newest
 * sessions.
 */
export class ChangesSearch {
  readonly #ports: ChangesSearchPorts;
  /** When a session that was read had changed last. */
  readonly #read = new Map<string, number>();
  #isReading = false;

  constructor(ports: ChangesSearchPorts) {
    this.#ports = ports;
  }

  /** Reads those of the sessions that say that they changed something. */
  async search(sessions: readonly Session[]): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const wanted = sessions
        .filter(({ id, summary, time }) => (summary?.files ?? 0) > 0 && this.#read.get(id) !== time.updated)
        .toSorted((a, b) => b.time.updated - a.time.updated)
        .slice(0, limit);
      for (const session of wanted) await this.#readOne(session);
    } catch (error) {
      this.#ports.log.debug('The files that sessions changed could not be read.', error);
    } finally {
      this.#isReading = false;
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
