import { NotFoundProblem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { SessionLook } from '../../core/page/transcriptView.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { subagentParents } from '../../core/sessions/attention.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { Session } from '../../protocol/records.ts';

export interface ShownSessionPorts {
  readonly sessions: Sessions;
  readonly transcripts: Pick<TranscriptStore, 'get' | 'hold'>;
  readonly ends: Pick<LastEnds, 'worksElsewhere'>;
  readonly openCode: Pick<OpenCode, 'getSession'>;
  readonly log: Log;
  /** Sees to it that a session that is opened is told of, although its folder is not open. */
  readonly follow: (session: Session) => void;
  /** The title of the session that is shown, when it is known and whenever it changes. */
  readonly onTitle: (title: string) => void;
}

/**
 * The session that a page shows, also where the store does not have it: its folder may not be open, or the session
 * was deleted while it was looked at.
 */
export class ShownSession implements Disposable {
  readonly #ports: ShownSessionPorts;
  readonly #onDeleted: () => void;
  #id: string | undefined;
  /** The session as it was last known. */
  #record: Session | undefined;
  #isDeleted = false;
  /** Keeps the transcript. */
  #hold: Disposable | undefined;

  constructor(ports: ShownSessionPorts, onDeleted: () => void) {
    this.#ports = ports;
    this.#onDeleted = onDeleted;
  }

  get id(): string | undefined {
    return this.#id;
  }

  get isDeleted(): boolean {
    return this.#isDeleted;
  }

  get record(): Session | undefined {
    if (this.#id === undefined) return undefined;
    return this.#ports.sessions.get(this.#id) ?? this.#record;
  }

  /** Empty as long as nothing is known of it. */
  get title(): string {
    const { record } = this;
    return record === undefined ? '' : this.#ports.sessions.title(record);
  }

  get transcript(): Transcript | undefined {
    return this.#id === undefined ? undefined : this.#ports.transcripts.get(this.#id);
  }

  get look(): SessionLook {
    const id = this.#id ?? '';
    const works = this.#ports.sessions.status(id).type !== 'idle' || this.#ports.ends.worksElsewhere(id);
    return { idle: !works, revertedFrom: this.record?.revert?.messageID };
  }

  /** Whether that session is this one, or works for it. */
  isRelative(sessionId: string): boolean {
    const id = this.#id ?? '';
    return sessionId === id || subagentParents(this.#ports.sessions, sessionId).includes(id);
  }

  turnTo(sessionId: string): void {
    const before = this.#hold;
    this.#hold = this.#ports.transcripts.hold(sessionId);
    before?.dispose();
    this.#id = sessionId;
    this.#record = this.#ports.sessions.get(sessionId);
    this.#isDeleted = false;
  }

  /** Takes the store's word; of a session that the store has no more the server is asked. */
  update(): void {
    const session = this.#ports.sessions.get(this.#id ?? '');
    if (session !== undefined) {
      this.#record = session;
      this.#isDeleted = false;
    } else if (this.#record !== undefined) void this.#findWhetherDeleted(this.#record.id);
    this.tellTitle();
  }

  /** The record of the session; of one that is not in an open folder the server is asked. */
  async find(sessionId: string): Promise<Session> {
    const known = this.#ports.sessions.get(sessionId);
    if (known !== undefined) return known;
    const record = await this.#ports.openCode.getSession(sessionId);
    if (sessionId === this.#id) {
      this.#record = record;
      this.#ports.follow(record);
      this.tellTitle();
    }
    return record;
  }

  noteDeleted(): void {
    this.#isDeleted = true;
    this.#onDeleted();
  }

  tellTitle(): void {
    if (this.record !== undefined) this.#ports.onTitle(this.title);
  }

  dispose(): void {
    this.#hold?.dispose();
  }

  /** The store has it no more: it was deleted, here or elsewhere, or its folder is not open any more. */
  async #findWhetherDeleted(sessionId: string): Promise<void> {
    try {
      const record = await this.#ports.openCode.getSession(sessionId);
      if (sessionId === this.#id) this.#record = record;
    } catch (error) {
      if (!(error instanceof NotFoundProblem)) {
        this.#ports.log.debug('It is not known what became of a session.', sessionId, error);
      } else if (sessionId === this.#id && this.#ports.sessions.get(sessionId) === undefined) {
        this.noteDeleted();
      }
    }
  }
}
