import type { ServerEvent } from '../../protocol/events.ts';
import type { Part, Session } from '../../protocol/records.ts';
import { Emitter } from '../event.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { ServerSink } from '../ports/serverSink.ts';

export interface ChangedFilesPorts {
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly log: Pick<Log, 'debug'>;
}

/** So many of its newest messages are read for the files that a session changed. */
const size = 60;
/** So many sessions are read at once for a person who looks for a file. */
const limit = 30;

/**
 * The files that sessions changed, as far as that is known: the server tells of each as it is done, and of those before
 * when somebody looks for a file, from the newest messages of the newest sessions.
 */
export class ChangedFiles implements ServerSink {
  readonly #ports: ChangedFilesPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #files = new Map<string, Set<string>>();
  /** When a session that was read had changed last. */
  readonly #read = new Map<string, number>();
  #isReading = false;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: ChangedFilesPorts) {
    this.#ports = ports;
  }

  of(sessionId: string): Iterable<string> {
    return this.#files.get(sessionId) ?? [];
  }

  /** Reads what was changed in those of the sessions that say that they changed something, the newest first. */
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

  reset(): void {
    // What was changed stays changed; what was missed is read when somebody looks for it.
  }

  apply(event: ServerEvent): void {
    if (event.type === 'message.part.updated') this.#take(event.properties.part);
    if (event.type === 'session.deleted') {
      this.#files.delete(event.properties.info.id);
      this.#read.delete(event.properties.info.id);
    }
  }

  async #readOne({ id, time }: Session): Promise<void> {
    const { messages } = await this.#ports.openCode.listMessages(id, { limit: size });
    for (const { parts } of messages) for (const part of parts) this.#take(part);
    this.#read.set(id, time.updated);
  }

  #take(part: Part): void {
    if (part.type !== 'patch') return;
    const { sessionID } = part;
    const known = this.#files.get(sessionID) ?? new Set();
    const before = known.size;
    for (const file of part.files) known.add(file);
    this.#files.set(sessionID, known);
    if (known.size > before) this.#didChange.fire({ sessionId: sessionID });
  }
}
