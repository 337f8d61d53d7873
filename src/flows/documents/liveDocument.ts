import type { DocumentAddress } from '../../core/documents/documentAddress.ts';
import { buildDocumentHead } from '../../core/documents/documentHead.ts';
import { describeStanding, describeUnknown } from '../../core/documents/documentNotices.ts';
import type { Unit } from '../../core/documents/sessionDocument.ts';
import { NotFoundProblem, sentenceOf } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { Retries } from '../../core/retries.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { type ConnectionState, isLive } from '../../core/state/connectionState.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { Session } from '../../protocol/records.ts';
import { DocumentContent } from './documentContent.ts';
import { OfferedTexts } from './offeredTexts.ts';
import { MessageSource, type MessageSourcePorts } from './messageSource.ts';

export interface LiveDocumentPorts extends MessageSourcePorts {
  readonly openCode: MessageSourcePorts['openCode'] & Pick<OpenCode, 'getSession'>;
  readonly transcripts: Pick<TranscriptStore, 'get' | 'load' | 'hold' | 'onDidChange'>;
  readonly sessions: Pick<Sessions, 'get' | 'title' | 'status' | 'onDidChange'>;
  readonly connection: {
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
    connect(): Promise<void>;
  };
  /** Has the folder of a session listened to. */
  readonly follow: (session: Session) => void;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
}

/** Milliseconds in which the editor shows a text that it was given; it has the thread for itself meanwhile. */
const showing = 300;
const reading = 'reading';

/**
 * The document of one session: its text as of now, and word when there is another one. While nobody sees it, it only notes
 * what is to be described anew. What cannot be known any more is said at its head.
 */
export class LiveDocument implements Disposable {
  readonly #ports: LiveDocumentPorts;
  readonly #address: DocumentAddress;
  readonly #content: DocumentContent;
  readonly #source: MessageSource;
  readonly #retries: Retries;
  readonly #subscriptions: readonly Disposable[];
  /** Resolves when all is read, or cannot be. */
  readonly #settled = Promise.withResolvers<void>();
  /** Resolves when so much is read that somebody who waits for it can begin. */
  readonly #enough = Promise.withResolvers<void>();
  readonly #given = Promise.withResolvers<void>();
  #session: Session | undefined;
  #hold: Disposable | undefined;
  #isVisible = true;
  #isDisposed = false;
  /** What the document holds is to be compared with the server. */
  #isBehind = true;
  /** All of it, as something was done there of which nobody told. */
  #isDeep = false;
  #isReading = false;
  /** When the session was touched last as far as it was told, in milliseconds since 1970. */
  #updated: number | undefined;
  #problem: string | undefined;
  #isAfterGone = false;
  #deletedAt: number | undefined;
  #lostAt: number | undefined;
  readonly #texts: OfferedTexts;

  /** `isHurried`: somebody waits for it, who begins with the newest messages where they are many. */
  constructor(
    ports: LiveDocumentPorts,
    address: DocumentAddress,
    isHurried: boolean,
    onDidChange: () => void,
  ) {
    const { sessions, transcripts, connection, now, startTimer, wait } = ports;
    const { sessionId } = address;
    this.#ports = ports;
    this.#address = address;
    this.#source = new MessageSource(ports, sessionId);
    this.#content = new DocumentContent({
      source: this.#source,
      isWorking: () => sessions.status(sessionId).type !== 'idle',
      pause: () => wait(0),
      rest: () => this.#letBegin(isHurried),
      onDidRead: () => this.#texts.plan(),
    });
    this.#texts = new OfferedTexts({
      ...ports,
      isAwake: () => this.#isAwake,
      units: () => this.#units(),
      refresh: () => this.#refresh(),
      onDidOffer: onDidChange,
    });
    this.#retries = new Retries({ startTimer, retry: () => this.#catchUp() });
    this.#lostAt = isLive(connection.state) ? undefined : now();
    this.#subscriptions = [
      sessions.onDidChange(({ sessionIds }) => {
        if (sessionIds.has(sessionId)) this.#applySession();
      }),
      transcripts.onDidChange(({ sessionId: changed, change }) => {
        if (changed !== sessionId) return;
        if (change.kind === 'stale') this.compare();
        else if (change.kind === 'messageRemoved') this.remove(change.messageId);
        else this.touch(change.messageId);
      }),
      connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
    this.#catchUp();
  }

  /** Another number for each text. */
  get version(): number {
    return this.#texts.version;
  }

  get directory(): string | undefined {
    return this.#session?.directory;
  }

  /** Whether messages before those that are shown are still to come. */
  get isFilling(): boolean {
    return !this.#content.isWhole && this.#problem === undefined;
  }

  /** The text once it is whole, or after so many milliseconds what there is of it. */
  async read(patience: number): Promise<string> {
    if (!this.#texts.isBegun) {
      await Promise.race([this.#settled.promise, this.#enough.promise, this.#ports.wait(patience)]);
    }
    this.#given.resolve();
    return this.#texts.give();
  }

  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    // What was noted meanwhile is had with the pages in which it stands.
    this.#isBehind ||= this.#content.isDirty;
    if (isVisible) this.#catchUp();
    else this.#rest();
  }

  /** A message is otherwise than it was. */
  touch(messageId: string): void {
    this.#content.touch(messageId);
    this.#texts.plan();
  }

  remove(messageId: string): void {
    if (this.#deletedAt !== undefined) return;
    this.#content.remove(messageId);
    this.#texts.plan();
  }

  /** The server told of a session that was touched then; what was done there it told as well. */
  note(updated: number): void {
    this.#updated = updated;
  }

  /** The session was touched then, by whomever. */
  look(updated: number): void {
    if (this.#updated === undefined || updated === this.#updated) return;
    this.#updated = updated;
    this.#isDeep = true;
    this.compare();
  }

  /** What is known is to be compared with the server. */
  compare(): void {
    this.#isBehind = true;
    this.#catchUp();
  }

  /** The session is gone from the server. */
  markDeleted(): void {
    this.#deletedAt ??= this.#ports.now();
    this.#texts.plan();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#rest();
    this.#retries.dispose();
    this.#settled.resolve();
    this.#given.resolve();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #rest(): void {
    this.#hold?.dispose();
    this.#hold = undefined;
    this.#texts.stop();
  }

  async #letBegin(isHurried: boolean): Promise<void> {
    if (!isHurried || this.#texts.isBegun) return;
    this.#enough.resolve();
    await this.#given.promise;
    await this.#ports.wait(showing);
  }

  /** Of a session that was deleted, what is known stays. */
  get #canAsk(): boolean {
    return this.#deletedAt === undefined && isLive(this.#ports.connection.state);
  }

  get #isAwake(): boolean {
    return this.#isVisible && !this.#isDisposed;
  }

  #applySession(): void {
    const session = this.#ports.sessions.get(this.#address.sessionId);
    if (session !== undefined) {
      this.#session = session;
      this.#content.use(session);
    }
    this.#texts.plan();
  }

  #applyConnection(state: ConnectionState): void {
    const isOn = isLive(state);
    if (isOn === (this.#lostAt === undefined)) return;
    this.#lostAt = isOn ? undefined : this.#ports.now();
    if (isOn) this.compare();
    else this.#texts.plan();
  }

  /** Reads what is not known, or may be old, where somebody sees the document. */
  #catchUp(): void {
    if (!this.#isAwake) return;
    this.#texts.plan();
    if (this.#deletedAt !== undefined) return;
    this.#hold ??= this.#ports.transcripts.hold(this.#address.sessionId);
    if (!this.#isBehind || this.#isReading) return;
    this.#isBehind = false;
    this.#isReading = true;
    void this.#readAll();
  }

  async #readAll(): Promise<void> {
    try {
      const isRead = await this.#read();
      this.#isBehind ||= !isRead;
      this.#retries.reset(reading);
      if (isRead) this.#settled.resolve();
    } catch (error) {
      this.#fail(error);
    }
    this.#isReading = false;
    this.#texts.plan();
    if (this.#isBehind && !this.#retries.isWaiting(reading)) this.#catchUp();
  }

  /** Answers whether it was read to its end. */
  async #read(): Promise<boolean> {
    const { connection, sessions, openCode, follow } = this.#ports;
    const { sessionId, after } = this.#address;
    if (!isLive(connection.state)) await connection.connect();
    const session = sessions.get(sessionId) ?? (await openCode.getSession(sessionId));
    this.#session = session;
    this.#isDeep ||= this.#updated !== undefined && this.#updated !== session.time.updated;
    this.#updated = session.time.updated;
    follow(session);
    this.#content.use(session);
    if (after !== undefined && !this.#isAfterGone) {
      const place = await this.#source.place(after);
      if (place === undefined) this.#isAfterGone = true;
      else this.#content.beginAfter(place);
    }
    const isDeep = this.#isDeep;
    // Until it is read; what is heard meanwhile may want it once more.
    this.#isDeep = false;
    const isRead = await this.#content
      .read(isDeep, () => this.#isAwake)
      .catch((error: unknown) => {
        this.#isDeep ||= isDeep;
        throw error;
      });
    this.#isDeep ||= isDeep && !isRead;
    this.#problem = undefined;
    return isRead;
  }

  #fail(error: unknown): void {
    const { sessionId, directory } = this.#address;
    const isUnknown = error instanceof NotFoundProblem && this.#content.size === 0;
    this.#ports.log.debug('A document was not read to its end.', error);
    if (this.#content.size === 0)
      this.#problem = isUnknown ? describeUnknown(sessionId, directory) : sentenceOf(error);
    this.#isBehind = true;
    this.#retries.later(reading);
    this.#settled.resolve();
  }

  /** Answers whether more is to be described by then. */
  async #refresh(): Promise<boolean> {
    if (!this.#canAsk) return false;
    try {
      await this.#content.refresh();
      return this.#content.isDirty && this.#canAsk;
    } catch (error) {
      this.#ports.log.debug('A message of a document was not read.', error);
      this.#isBehind = true;
      this.#retries.later(reading);
      return false;
    }
  }

  #units(): readonly Unit[] {
    const session = this.#session;
    const head = buildDocumentHead({
      title: session === undefined ? l10n.t('OpenCode session') : this.#ports.sessions.title(session),
      ...(session === undefined ? {} : { created: session.time.created, directory: session.directory }),
      isRest: this.#address.after !== undefined && !this.#isAfterGone,
      notices: describeStanding({
        now: this.#ports.now(),
        problem: this.#problem,
        deletedAt: this.#deletedAt,
        lostAt: this.#lostAt,
        isAfterGone: this.#isAfterGone,
        isWhole: this.#content.isWhole,
        count: this.#content.size,
      }),
    });
    return this.#content.units(head);
  }
}
