import { TranscriptStore } from '../../../../src/core/transcript/transcriptStore.ts';
import type { ServerEvent } from '../../../../src/protocol/events.ts';
import { DirectorySet } from '../../../../src/server/dialect/directories.ts';
import { Fold } from '../../../../src/server/openCode2/fold/fold.ts';
import { KnownSessions } from '../../../../src/server/openCode2/records/knownSessions.ts';
import { Messages2 } from '../../../../src/server/openCode2/records/messages2.ts';
import { MessageOrder } from '../../../../src/server/openCode2/records/order.ts';
import { SeenEvents } from '../../../../src/server/openCode2/fold/seenEvents.ts';
import { toSession } from '../../../../src/server/openCode2/records/toSession.ts';
import { WireSession } from '../../../../src/server/openCode2/records/wire.ts';
import { directory, type RecordedSession, sessionId } from './recordedSession.ts';

const quiet = (): void => undefined;
export const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** A window that looks at one session of a server: what it is told, and what it would show. */
export class LookingWindow {
  readonly told: ServerEvent[] = [];
  readonly warnings: string[] = [];
  readonly refused: string[] = [];
  readonly #server: RecordedSession;
  readonly #order = new MessageOrder();
  readonly #known = new KnownSessions();
  readonly #seen = new SeenEvents();
  readonly #messages: Messages2;
  readonly store: TranscriptStore;
  #fold: Fold;
  #stream = 0;

  constructor(server: RecordedSession) {
    this.#server = server;
    this.#messages = new Messages2(server.api, this.#order);
    this.store = new TranscriptStore({
      listMessages: (id, page) => this.#messages.list(id, page),
      getMessage: (id, messageId) => this.#messages.get(id, messageId),
    });
    this.store.hold(sessionId);
    this.#fold = this.#openStream();
  }

  take(event: string): void {
    this.#fold.take(event);
  }

  /** The stream broke and is there again. */
  async reconnect(): Promise<void> {
    this.#fold = this.#openStream();
    this.store.reset([
      { directory, sessions: [this.#session()], statuses: {}, permissions: [], questions: [] },
    ]);
    await this.store.load(sessionId);
  }

  async settled(): Promise<void> {
    await this.#fold.settled();
  }

  #session() {
    return toSession(WireSession.parse(this.#server.session));
  }

  #openStream(): Fold {
    const stream = (this.#stream += 1);
    this.#known.note(this.#session());
    const set = new DirectorySet([directory], 'linux');
    const fold = new Fold({
      messages: this.#messages,
      order: this.#order,
      known: this.#known,
      seen: this.#seen,
      commands: { take: () => undefined },
      getSession: async () => this.#session(),
      directories: () => set,
      onRefused: async (id) => void this.refused.push(id),
      tell: (event) => {
        // What an earlier stream still says is heard by nobody.
        if (this.#stream !== stream) return;
        this.told.push(event);
        this.store.apply(event);
      },
      log: { ...log, warn: (message, ...more) => void this.warnings.push(`${message} ${String(more[0])}`) },
    });
    fold.take(JSON.stringify({ id: `evt_${Math.random()}`, type: 'server.connected', data: {} }));
    return fold;
  }
}
