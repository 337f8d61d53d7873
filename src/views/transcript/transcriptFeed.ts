import type { Attention } from '../../core/sessions/attention.ts';
import { subagentParents } from '../../core/sessions/attention.ts';
import { buildComposerChoices } from '../../core/transcript/composerChoices.ts';
import { buildConnectionBanner } from '../../core/transcript/connectionBanner.ts';
import type { ConnectionState } from '../../core/connectionState.ts';
import type { DirectoryFacts } from '../../core/directoryFacts.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/openCode.ts';
import type { PromptQueue } from '../../core/transcript/promptQueue.ts';
import { buildRequestEntries } from '../../core/transcript/requestEntry.ts';
import { buildSessionHeader } from '../../core/transcript/sessionHeader.ts';
import type { Sessions, SessionsChange } from '../../core/sessions/sessionStore.ts';
import type { TodoStore } from '../../core/sessions/todoStore.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import { findContextUse, isCompacting } from '../../core/transcript/transcriptContext.ts';
import { TranscriptFrame } from '../../core/transcript/transcriptFrame.ts';
import type { TranscriptStore, TranscriptStoreChange } from '../../core/transcript/transcriptStore.ts';
import { isBefore, type Place, type SessionLook, viewEntries } from '../../core/transcript/transcriptView.ts';
import { PageOutbox, type PageOutboxPorts } from './pageOutbox.ts';
import type { ComposerDraft, SessionHeader, SessionView, ToPage } from '../../protocol/page.ts';
import type { Session } from '../../protocol/records.ts';

/** Entries that are shown at once where nothing says how many. */
const windowSize = 80;
/** Entries of an older page that is at hand already. */
const olderSize = 200;

export interface FeedSources {
  readonly sessions: Sessions;
  readonly todos: Pick<TodoStore, 'get' | 'load' | 'onDidChange'>;
  readonly transcripts: TranscriptStore;
  readonly attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly facts: DirectoryFacts;
  readonly queue: Pick<PromptQueue, 'of' | 'onDidChange'>;
  readonly drafts: { get(sessionId: string): ComposerDraft };
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly openCode: Pick<OpenCode, 'getSession' | 'listTodos'>;
  readonly log: Log;
}

export interface FeedPorts extends FeedSources, PageOutboxPorts {
  /** The title of the session that is shown, when it is known and whenever it changes. */
  readonly onTitle: (title: string) => void;
}

/**
 * What one page is fed: a picture of its session when it turns to it, then what changes, at most one message a
 * frame. A page that is hidden or not there yet is told nothing; when it is ready it gets the picture again.
 */
export class TranscriptFeed implements Disposable {
  readonly #ports: FeedPorts;
  readonly #subscriptions: Disposable[];
  readonly #frame = new TranscriptFrame();
  readonly #outbox: PageOutbox;
  #ready = false;
  #sessionId: string | undefined;
  /** Of a session that the store does not have, e.g. of a folder that is not open. */
  #stranger: Session | undefined;
  #hold: Disposable | undefined;
  /** The first message that the page has. */
  #oldest: Place | undefined;
  #look: SessionLook = { idle: true, revertedFrom: undefined };
  #sentHeader = '';
  #shown = false;
  /** Counts the pictures: one that took too long and is no longer wanted is thrown away. */
  #turn = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#outbox = new PageOutbox(ports);
    const { sessions, todos, transcripts, attention, facts, queue, connection } = ports;
    this.#subscriptions = [
      sessions.onDidChange((change) => this.#applySessions(change)),
      transcripts.onDidChange((change) => this.#applyTranscript(change)),
      todos.onDidChange(({ sessionId }) => sessionId === this.#sessionId && this.#pendHeader()),
      attention.onDidChange(({ sessionIds }) => this.#applyAttention(sessionIds)),
      facts.onDidChange(({ directory }) => directory === this.session?.directory && this.#refreshChoices()),
      queue.onDidChange(({ sessionId }) => sessionId === this.#sessionId && this.#pendQueue()),
      connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
  }

  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  get session(): Session | undefined {
    if (this.#sessionId === undefined) return undefined;
    return this.#ports.sessions.get(this.#sessionId) ?? this.#stranger;
  }

  get transcript(): Transcript | undefined {
    return this.#sessionId === undefined ? undefined : this.#ports.transcripts.get(this.#sessionId);
  }

  /** Shows this session from here on; `reveal` is a message to scroll to. */
  turnTo(sessionId: string, reveal?: string): void {
    if (sessionId !== this.#sessionId) this.#leave(sessionId);
    this.#tellTitle();
    if (this.#ready) void this.#show(reveal);
  }

  /** Whether a page is there, listens and can be seen. Each time it becomes so, it is given everything. */
  setReady(ready: boolean): void {
    this.#ready = ready;
    if (!ready) {
      this.#silence();
      return;
    }
    this.#oldest = undefined;
    this.#pendConnection();
    void this.#show(undefined);
  }

  /** Shows the session again, e.g. after a failure. */
  retry(): void {
    if (this.#ready) void this.#show(undefined);
  }

  /** Gives the page what stands before its first message: what is at hand, else a page from the server. */
  async loadOlder(): Promise<void> {
    const [sessionId, turn] = [this.#sessionId, this.#turn];
    const { transcript } = this;
    if (sessionId === undefined || transcript === undefined) return;
    if (this.#unshown(transcript).length === 0) await this.#ports.transcripts.loadOlder(sessionId);
    if (turn === this.#turn && this.#ready) this.#postOlder(transcript, olderSize);
  }

  /** Gives the page all messages back to this one, then scrolls to it. */
  async reveal(messageId: string): Promise<void> {
    const [sessionId, turn] = [this.#sessionId, this.#turn];
    const { transcript } = this;
    if (sessionId === undefined || transcript === undefined) return;
    while (!transcript.has(messageId) && transcript.before !== undefined && turn === this.#turn) {
      await this.#ports.transcripts.loadOlder(sessionId);
    }
    if (turn !== this.#turn || !this.#ready || !transcript.has(messageId)) return;
    const index = this.#unshown(transcript).indexOf(messageId);
    if (index !== -1) this.#postOlder(transcript, this.#unshown(transcript).length - index);
    this.#ports.post({ type: 'reveal', messageId });
  }

  /** What the session and its subagents wait for. */
  requests(): Pick<SessionView, 'permissions' | 'questions'> {
    const id = this.#sessionId ?? '';
    return buildRequestEntries(id, this.#ports.attention.of(id), this.#ports.sessions);
  }

  dispose(): void {
    this.#silence();
    this.#turn++;
    this.#hold?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #leave(sessionId: string): void {
    const before = this.#hold;
    this.#hold = this.#ports.transcripts.hold(sessionId);
    before?.dispose();
    this.#sessionId = sessionId;
    this.#stranger = undefined;
    this.#oldest = undefined;
    this.#silence();
    this.#pendConnection();
  }

  /** Forgets all that was about to be told. */
  #silence(): void {
    this.#shown = false;
    this.#frame.clear();
    this.#outbox.clear();
  }

  async #show(reveal: string | undefined): Promise<void> {
    const sessionId = this.#sessionId;
    if (sessionId === undefined) return;
    const turn = ++this.#turn;
    const known = this.transcript;
    if (known === undefined && !this.#shown) {
      this.#ports.post({ type: 'loading', sessionId, title: this.session?.title ?? '' });
    }
    try {
      const [transcript, session] =
        known !== undefined && this.session !== undefined
          ? [known, this.session]
          : await Promise.all([this.#ports.transcripts.load(sessionId), this.#findSession(sessionId)]);
      if (turn !== this.#turn || !this.#ready) return;
      this.#postView(transcript, session, reveal);
    } catch (error) {
      if (turn === this.#turn && this.#ready) this.#postFailure(sessionId, error);
    }
  }

  /** The session's record; of one that is not in an open folder the server is asked. */
  async #findSession(sessionId: string): Promise<Session> {
    const known = this.#ports.sessions.get(sessionId);
    if (known !== undefined) return known;
    this.#stranger = await this.#ports.openCode.getSession(sessionId);
    this.#tellTitle();
    return this.#stranger;
  }

  #postView(transcript: Transcript, session: Session, reveal: string | undefined): void {
    this.#frame.clear();
    this.#look = this.#findLook();
    const messageIds = this.#windowOf(transcript);
    this.#oldest = messageIds[0] === undefined ? undefined : transcript.head(messageIds[0]);
    const header = this.#buildHeader(session, transcript);
    this.#sentHeader = JSON.stringify(header);
    const view: SessionView = {
      header,
      entries: viewEntries(transcript, this.#look, messageIds),
      hasOlder: this.#hasOlder(transcript),
      ...this.requests(),
      draft: this.#ports.drafts.get(session.id),
      queue: this.#ports.queue.of(session.id),
    };
    this.#ports.post({ type: 'show', view, ...(reveal === undefined ? {} : { reveal }) });
    const wasShown = this.#shown;
    this.#shown = true;
    if (wasShown) return;
    this.#refreshChoices();
    void this.#loadTodos(session.id);
    if (reveal !== undefined) void this.reveal(reveal);
  }

  #postFailure(sessionId: string, error: unknown): void {
    // Until the server answers there is nothing to say but that; the line about the connection does.
    if (this.#ports.connection.state.kind === 'starting') return;
    if (!(error instanceof Problem)) this.#ports.log.error('Transcript could not be shown', sessionId, error);
    const remedy = error instanceof Problem ? error.remedy : undefined;
    this.#ports.post({
      type: 'failed',
      sessionId,
      message: describeFailure(error),
      ...(remedy === undefined ? {} : { action: { title: remedy.title, command: remedy.command } }),
    });
  }

  /** The messages to show: those that the page had, else the newest. */
  #windowOf(transcript: Transcript): readonly string[] {
    const { messageIds } = transcript;
    const oldest = this.#oldest;
    if (oldest === undefined || !transcript.has(oldest.id)) return messageIds.slice(-windowSize);
    return messageIds.slice(messageIds.indexOf(oldest.id));
  }

  /** The messages at hand that the page does not have, oldest first. */
  #unshown(transcript: Transcript): readonly string[] {
    const oldest = this.#oldest;
    if (oldest === undefined) return transcript.messageIds;
    return transcript.messageIds.filter((messageId) => {
      const head = transcript.head(messageId);
      return head !== undefined && isBefore(head, oldest);
    });
  }

  #hasOlder(transcript: Transcript): boolean {
    return transcript.before !== undefined || this.#unshown(transcript).length > 0;
  }

  #postOlder(transcript: Transcript, count: number): void {
    const messageIds = this.#unshown(transcript).slice(-count);
    const [first] = messageIds;
    if (first !== undefined) this.#oldest = transcript.head(first);
    this.#ports.post({
      type: 'older',
      sessionId: this.#sessionId ?? '',
      entries: viewEntries(transcript, this.#look, messageIds),
      hasOlder: this.#hasOlder(transcript),
    });
  }

  #applyTranscript({ sessionId, change }: TranscriptStoreChange): void {
    if (sessionId !== this.#sessionId || !this.#ready) return;
    if (change.kind === 'stale') {
      void this.#show(undefined);
      return;
    }
    if (!this.#shown) return;
    this.#frame.add(change);
    if (change.kind === 'head') {
      this.#markOpenTools();
      this.#pendHeader();
    }
    this.#pendChanges();
  }

  #applySessions({ sessionIds, structure }: SessionsChange): void {
    const id = this.#sessionId;
    if (id === undefined) return;
    if (sessionIds.has(id)) this.#applyOwnSession();
    if (structure || [...sessionIds].some((changed) => this.#isRelative(changed))) this.#pendHeader();
  }

  #applyOwnSession(): void {
    this.#tellTitle();
    const look = this.#findLook();
    const { transcript } = this;
    const before = this.#look;
    this.#look = look;
    if (transcript === undefined || !this.#shown) return;
    if (look.idle !== before.idle) this.#markOpenTools();
    if (look.revertedFrom !== before.revertedFrom) {
      for (const messageId of transcript.messageIds) this.#frame.add({ kind: 'head', messageId });
    }
    this.#pendChanges();
  }

  #applyAttention(sessionIds: ReadonlySet<string>): void {
    const sessionId = this.#sessionId;
    if (sessionId === undefined || !sessionIds.has(sessionId)) return;
    this.#pend('requests', () => ({ type: 'requests', sessionId, ...this.requests() }));
  }

  /** Whether a tool call goes on depends on the session's state and on the messages after it. */
  #markOpenTools(): void {
    for (const tool of this.transcript?.openTools() ?? []) this.#frame.add({ kind: 'part', ...tool });
  }

  #isRelative(sessionId: string): boolean {
    const id = this.#sessionId ?? '';
    return sessionId === id || subagentParents(this.#ports.sessions, sessionId).includes(id);
  }

  #findLook(): SessionLook {
    const status = this.#ports.sessions.status(this.#sessionId ?? '');
    return { idle: status.type === 'idle', revertedFrom: this.session?.revert?.messageID };
  }

  #buildHeader(session: Session, transcript: Transcript): SessionHeader {
    return buildSessionHeader(session, {
      sessions: this.#ports.sessions,
      todos: this.#ports.todos.get(session.id) ?? [],
      context: findContextUse(transcript, this.#ports.facts.known(session.directory)?.providers),
      compacting: isCompacting(transcript),
    });
  }

  #pendHeader(): void {
    this.#pend('header', () => {
      const { session, transcript } = this;
      if (session === undefined || transcript === undefined) return undefined;
      const header = this.#buildHeader(session, transcript);
      const sent = JSON.stringify(header);
      if (sent === this.#sentHeader) return undefined;
      this.#sentHeader = sent;
      return { type: 'header', header };
    });
  }

  #pendQueue(): void {
    const sessionId = this.#sessionId ?? '';
    this.#pend('queue', () => ({ type: 'queue', sessionId, queue: this.#ports.queue.of(sessionId) }));
  }

  /** What could not be had without a server is had with it, e.g. in a panel that came back with its window. */
  #applyConnection({ kind }: ConnectionState): void {
    this.#pendConnection();
    if (kind !== 'live') return;
    if (this.#shown) this.#refreshChoices();
    else this.retry();
  }

  #pendConnection(): void {
    this.#pend('connection', () => ({
      type: 'connection',
      banner: buildConnectionBanner(this.#ports.connection.state),
    }));
  }

  #refreshChoices(): void {
    const { session } = this;
    if (session === undefined || !this.#shown) return;
    void this.#loadChoices(session);
  }

  async #loadChoices(session: Session): Promise<void> {
    try {
      const facts = await this.#ports.facts.load(session.directory);
      if (this.session?.id !== session.id) return;
      const choices = buildComposerChoices(facts, session, this.#ports.sessions.all());
      this.#pend('choices', () => ({ type: 'choices', choices }));
      this.#pendHeader();
    } catch (error) {
      this.#ports.log.warn('Composer choices could not be loaded', session.directory, error);
    }
  }

  async #loadTodos(sessionId: string): Promise<void> {
    if (this.#ports.todos.get(sessionId) !== undefined) return;
    try {
      this.#ports.todos.load(sessionId, await this.#ports.openCode.listTodos(sessionId));
    } catch (error) {
      this.#ports.log.warn('Todos could not be loaded', sessionId, error);
    }
  }

  #tellTitle(): void {
    const { session } = this;
    if (session !== undefined) this.#ports.onTitle(session.title);
  }

  #pend(type: ToPage['type'], draft: () => ToPage | undefined): void {
    if (this.#ready) this.#outbox.put(type, draft);
  }

  #pendChanges(): void {
    this.#pend('changes', () => {
      const { transcript } = this;
      if (transcript === undefined) return undefined;
      const changes = this.#frame.take(transcript, this.#look, this.#oldest);
      return changes.length === 0
        ? undefined
        : { type: 'changes', sessionId: this.#sessionId ?? '', changes };
    });
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof NotFoundProblem) {
    return l10n.t(
      'This session is not on the server any more. It was deleted, or it belongs to another server.',
    );
  }
  return error instanceof Problem
    ? error.message
    : l10n.t('The session could not be shown. The log says why.');
}
