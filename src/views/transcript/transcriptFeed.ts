import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import type { Attention, Waiting } from '../../core/sessions/attention.ts';
import { subagentParents } from '../../core/sessions/attention.ts';
import { buildComposerChoices } from '../../core/page/composerChoices.ts';
import { buildConnectionBanner } from '../../core/page/connectionBanner.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { DirectoryFacts } from '../../core/state/directoryFacts.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { ComposerTexts, Prompting, WaitingPrompts } from '../../core/prompts/prompting.ts';
import { buildSessionHeader } from '../../core/page/sessionHeader.ts';
import { loadTodos } from '../../core/sessions/loadTodos.ts';
import { titleOf } from '../../core/sessions/sessionRow.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Sessions, SessionsChange } from '../../core/sessions/sessionStore.ts';
import type { TodoStore } from '../../core/sessions/todoStore.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import { PageMemory, type Told } from '../../core/page/pageMemory.ts';
import { isBefore, type Place } from '../../core/transcript/place.ts';
import { findContextUse, isCompacting } from '../../core/transcript/transcriptContext.ts';
import { TranscriptFrame } from '../../core/page/transcriptFrame.ts';
import type { TranscriptStore, TranscriptStoreChange } from '../../core/transcript/transcriptStore.ts';
import { type SessionLook, viewEntries } from '../../core/page/transcriptView.ts';
import { PageOutbox, type PageOutboxPorts } from './pageOutbox.ts';
import { WaitingRequests } from './waitingRequests.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import type { SessionView, ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';

/** Entries that are shown at once. */
const windowSize = 80;
/** Entries in one message that stand beside those that the page has. */
const besideSize = 100;
/** Entries before and after a message that the reader goes to, enough for a tall screen. */
const aroundSize = 25;

export interface FeedSources {
  readonly sessions: Sessions;
  readonly todos: Pick<TodoStore, 'get' | 'isWanting' | 'load' | 'onDidChange'>;
  readonly transcripts: TranscriptStore;
  /** Sees to it that a session that is opened is told of, although its folder is not open. */
  readonly follow: (session: Session) => void;
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere' | 'onDidChange'>;
  readonly attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly calls: Pick<AskedCalls, 'of' | 'onDidChange'>;
  readonly facts: DirectoryFacts;
  readonly prompting: {
    readonly drafts: Pick<ComposerTexts, 'get'>;
    readonly waiting: Pick<WaitingPrompts, 'of' | 'onDidChange'>;
    readonly typed: Prompting['typed'];
  };
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
  readonly #memory = new PageMemory();
  readonly #requests: WaitingRequests;
  #ready = false;
  #sessionId: string | undefined;
  /** The session as it was last known: the store does not have those of folders that are not open, nor deleted ones. */
  #record: Session | undefined;
  #isDeleted = false;
  #hold: Disposable | undefined;
  /** The first of the newest messages that the page was given with none missing between. */
  #oldest: Place | undefined;
  #look: SessionLook = { idle: true, revertedFrom: undefined };
  #sentHeader = '';
  #lastHeader: SessionHeader | undefined;
  /** A message to scroll to as soon as the session is shown. */
  #toReveal: string | undefined;
  #shown = false;
  /** Counts the pictures: one that took too long and is no longer wanted is thrown away. */
  #turn = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#outbox = new PageOutbox(ports);
    this.#requests = new WaitingRequests(ports);
    const { sessions, ends, todos, transcripts, attention, calls, facts, prompting, connection } = ports;
    this.#subscriptions = [
      sessions.onDidChange((change) => this.#applySessions(change)),
      ends.onDidChange(({ sessionId }) => this.#applyEnd(sessionId)),
      transcripts.onDidChange((change) => this.#applyTranscript(change)),
      todos.onDidChange(({ sessionId }) => sessionId === this.#sessionId && this.#applyTodos(sessionId)),
      attention.onDidChange(({ sessionIds }) => this.#applyAttention(sessionIds)),
      calls.onDidChange(({ sessionId }) => this.#applyCall(sessionId)),
      facts.onDidChange(({ directory }) => directory === this.session?.directory && this.refreshChoices()),
      prompting.waiting.onDidChange(({ sessionId }) => sessionId === this.#sessionId && this.#pendQueue()),
      connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
  }

  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  get session(): Session | undefined {
    if (this.#sessionId === undefined) return undefined;
    return this.#ports.sessions.get(this.#sessionId) ?? this.#record;
  }

  get transcript(): Transcript | undefined {
    return this.#sessionId === undefined ? undefined : this.#ports.transcripts.get(this.#sessionId);
  }

  /** Whether a page is there that was given this session. */
  shows(sessionId: string): boolean {
    return this.#shown && this.#sessionId === sessionId;
  }

  /** Shows this session from here on; `reveal` is a message to scroll to. */
  turnTo(sessionId: string, reveal?: string): void {
    this.#toReveal = reveal;
    if (sessionId !== this.#sessionId) this.#leave(sessionId);
    if (!this.#ready) this.#loadAhead(sessionId);
    else if (this.#shown) this.#showRevealed();
    else void this.#show();
    // After the picture, so that it is not behind the window's own work on its tab.
    this.#tellTitle();
  }

  /** Whether a page is there, listens and can be seen. Each time it becomes so, it is given everything. */
  setReady(ready: boolean): void {
    this.#ready = ready;
    if (!ready) {
      this.#silence();
      return;
    }
    this.#oldest = undefined;
    this.#memory.clear();
    this.#pendConnection();
    void this.#show();
  }

  /** Shows the session again, e.g. after a failure. */
  retry(): void {
    if (this.#ready) void this.#show();
  }

  /** Gives the page what stands right before or after one of its messages: what is at hand, else from the server. */
  async loadBeside(messageId: string, side: 'before' | 'after'): Promise<void> {
    const [sessionId, turn] = [this.#sessionId, this.#turn];
    const { transcript } = this;
    if (sessionId === undefined || transcript === undefined) return;
    const isWanted = (): boolean => turn === this.#turn && this.#ready;
    if (this.#isDeleted) return this.#postRun(transcript, [messageId]);
    if (transcript.isMissingBeside(messageId, side)) {
      try {
        await this.#ports.transcripts.loadBeside(sessionId, messageId, side);
      } catch (error) {
        // The page waits for an answer before it asks for anything else.
        if (isWanted()) this.#postRun(transcript, [messageId]);
        throw error;
      }
    }
    if (!isWanted()) return;
    const next = transcript.messageIds[transcript.messageIds.indexOf(messageId) + 1];
    // What stands after a message is a guess of its time; what stands before the next one is not.
    const isStillMissing = side === 'after' && transcript.isMissingBeside(messageId, side);
    if (isStillMissing && next !== undefined) return this.loadBeside(next, 'before');
    const atHand = transcript.beside(messageId, side, besideSize);
    const run = side === 'before' ? [...atHand, messageId] : [messageId, ...atHand];
    this.#postRun(transcript, run);
    // The reader is on the way there: the next page is fetched before it is asked for.
    const end = run.at(side === 'before' ? 0 : -1) ?? messageId;
    if (transcript.isMissingBeside(end, side)) this.#fetchAhead(sessionId, end, side);
  }

  /** Gives the page a message that it does not have, with those around it, then has it scroll there. */
  async giveAround(messageId: string): Promise<void> {
    const [sessionId, turn] = [this.#sessionId, this.#turn];
    const { transcript } = this;
    if (sessionId === undefined || transcript === undefined) return;
    if (!transcript.has(messageId)) await this.#ports.transcripts.loadAround(sessionId, messageId);
    if (turn !== this.#turn || !this.#ready || !transcript.has(messageId)) return;
    const before = transcript.beside(messageId, 'before', aroundSize);
    this.#postRun(transcript, [...before, messageId, ...transcript.beside(messageId, 'after', aroundSize)]);
    this.#ports.post({ type: 'reveal', messageId });
  }

  /** What the session and its subagents wait for. */
  waiting(): readonly Waiting[] {
    return this.#requests.of(this.#sessionId ?? '');
  }

  /** The whole of what a permission is asked for was opened. */
  noteOpened(requestId: string, text: string): void {
    this.#requests.noteOpened(requestId, text);
    this.tellRequests();
  }

  /** Tells what waits for an answer, also if that is no news. */
  tellRequests(): void {
    const sessionId = this.#sessionId ?? '';
    this.#pend('requests', () => ({ type: 'requests', sessionId, ...this.#requests.entries(sessionId) }));
  }

  dispose(): void {
    this.#silence();
    this.#turn++;
    this.#hold?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #leave(sessionId: string): void {
    if (this.#sessionId !== undefined) this.#memory.leave(this.#sessionId, this.#told(this.#sessionId));
    const before = this.#hold;
    this.#hold = this.#ports.transcripts.hold(sessionId);
    before?.dispose();
    this.#sessionId = sessionId;
    this.#record = this.#ports.sessions.get(sessionId);
    this.#isDeleted = false;
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

  /** What the page has of the session that it shows; undefined while it is behind. */
  #told(sessionId: string): Told | undefined {
    const revision = this.#ports.transcripts.revision(sessionId);
    if (!this.#shown || !this.#frame.isEmpty || revision === undefined) return undefined;
    return { revision, look: this.#look, oldest: this.#oldest };
  }

  /** Has the messages fetched while the page starts; what goes wrong is told when they are shown. */
  #loadAhead(sessionId: string): void {
    this.#ports.transcripts.load(sessionId).catch((error: unknown) => {
      this.#ports.log.debug('Transcript could not be loaded ahead', sessionId, error);
    });
  }

  #fetchAhead(sessionId: string, messageId: string, side: 'before' | 'after'): void {
    this.#ports.transcripts.loadBeside(sessionId, messageId, side).catch((error: unknown) => {
      this.#ports.log.debug('Messages could not be loaded ahead', sessionId, error);
    });
  }

  #showRevealed(): void {
    const messageId = this.#toReveal;
    this.#toReveal = undefined;
    if (messageId !== undefined) this.#ports.post({ type: 'reveal', messageId });
  }

  async #show(): Promise<void> {
    const sessionId = this.#sessionId;
    if (sessionId === undefined) return;
    const turn = ++this.#turn;
    const known = this.transcript;
    if (known === undefined && !this.#shown) {
      // A session that is there with the next frame is shown without that word before it.
      this.#pend('loading', () => {
        this.#memory.use(sessionId);
        return { type: 'loading', sessionId, title: this.session === undefined ? '' : titleOf(this.session) };
      });
    }
    try {
      const [transcript, session] =
        known !== undefined && this.session !== undefined
          ? [known, this.session]
          : await Promise.all([this.#ports.transcripts.load(sessionId), this.#findSession(sessionId)]);
      if (turn !== this.#turn || !this.#ready) return;
      this.#postView(transcript, session);
    } catch (error) {
      if (turn !== this.#turn || !this.#ready) return;
      // What the page has of it is more than a sentence.
      if (error instanceof NotFoundProblem && this.#shown) this.#tellDeleted();
      else this.#postFailure(sessionId, error);
    }
  }

  /** The store has it no more: it was deleted, here or elsewhere, or its folder is not open any more. */
  async #findWhetherDeleted(sessionId: string): Promise<void> {
    try {
      const record = await this.#ports.openCode.getSession(sessionId);
      if (sessionId === this.#sessionId) this.#record = record;
    } catch (error) {
      if (!(error instanceof NotFoundProblem)) {
        this.#ports.log.debug('It is not known what became of a session.', sessionId, error);
      } else if (sessionId === this.#sessionId && this.#ports.sessions.get(sessionId) === undefined) {
        this.#tellDeleted();
      }
    }
  }

  #tellDeleted(): void {
    this.#isDeleted = true;
    this.#pendHeader();
  }

  /** The session's record; of one that is not in an open folder the server is asked. */
  async #findSession(sessionId: string): Promise<Session> {
    const known = this.#ports.sessions.get(sessionId);
    if (known !== undefined) return known;
    const record = await this.#ports.openCode.getSession(sessionId);
    if (sessionId === this.#sessionId) {
      this.#record = record;
      this.#ports.follow(record);
      this.#tellTitle();
    }
    return record;
  }

  #postView(transcript: Transcript, session: Session): void {
    this.#outbox.drop('loading');
    this.#frame.clear();
    this.#look = this.#findLook();
    const { prompting } = this.#ports;
    const header = this.#buildHeader(session, transcript);
    [this.#sentHeader, this.#lastHeader] = [JSON.stringify(header), header];
    const view = {
      header,
      ...this.#requests.entries(session.id),
      draft: prompting.drafts.get(session.id),
      queue: prompting.waiting.of(session.id),
      typed: prompting.typed.of(session.id),
    };
    const told = this.#shown ? undefined : this.#memory.find(session.id);
    if (told !== undefined && this.#isUpToDate(session.id, told)) this.#postAgain(view, told);
    else this.#postWhole(view, transcript);
    const wasShown = this.#shown;
    this.#shown = true;
    this.#showRevealed();
    if (wasShown) return;
    this.refreshChoices();
    void loadTodos(this.#ports, session.id);
  }

  #postWhole(view: Omit<SessionView, 'entries' | 'hasOlder'>, transcript: Transcript): void {
    const messageIds = this.#windowOf(transcript);
    this.#oldest = transcript.head(messageIds[0] ?? '');
    this.#memory.give(view.header.sessionId);
    const entries = viewEntries(transcript, this.#look, messageIds);
    const whole = { ...view, entries, hasOlder: this.#hasOlder(transcript, messageIds[0]) };
    const reveal = this.#toReveal;
    this.#toReveal = undefined;
    this.#ports.post({ type: 'show', view: whole, ...(reveal === undefined ? {} : { reveal }) });
  }

  #postAgain(view: Omit<SessionView, 'entries' | 'hasOlder'>, told: Told): void {
    this.#oldest = told.oldest;
    this.#memory.use(view.header.sessionId);
    this.#ports.post({ type: 'showAgain', view });
  }

  #isUpToDate(sessionId: string, { revision, look }: Told): boolean {
    return (
      revision === this.#ports.transcripts.revision(sessionId) &&
      look.idle === this.#look.idle &&
      look.revertedFrom === this.#look.revertedFrom
    );
  }

  #postFailure(sessionId: string, error: unknown): void {
    // Until the server answers there is nothing to say but that; the line about the connection does.
    if (this.#ports.connection.state.kind === 'starting') return;
    this.#outbox.drop('loading');
    this.#memory.use(sessionId);
    if (!(error instanceof Problem)) this.#ports.log.error('Transcript could not be shown', sessionId, error);
    const remedy = error instanceof Problem ? error.remedy : undefined;
    this.#ports.post({
      type: 'failed',
      sessionId,
      message: describeFailure(error),
      ...(remedy === undefined ? {} : { action: { title: remedy.title, command: remedy.command } }),
    });
  }

  /** The newest messages. */
  #windowOf(transcript: Transcript): readonly string[] {
    const last = transcript.messageIds.at(-1);
    return last === undefined ? [] : [...transcript.beside(last, 'before', windowSize - 1), last];
  }

  #hasOlder(transcript: Transcript, first: string | undefined): boolean {
    return transcript.before !== undefined || (first !== undefined && first !== transcript.messageIds[0]);
  }

  #postRun(transcript: Transcript, messageIds: readonly string[]): void {
    const [first, last] = [messageIds[0], messageIds.at(-1)].map((id) => transcript.head(id ?? ''));
    const oldest = this.#oldest;
    const joinsOn =
      first !== undefined && last !== undefined && oldest !== undefined && !isBefore(last, oldest);
    if (joinsOn && isBefore(first, oldest)) this.#oldest = first;
    this.#ports.post({
      type: 'run',
      sessionId: this.#sessionId ?? '',
      entries: viewEntries(transcript, this.#look, messageIds),
      hasOlder: this.#hasOlder(transcript, messageIds[0]),
    });
  }

  #applyTranscript({ sessionId, change }: TranscriptStoreChange): void {
    if (sessionId !== this.#sessionId || !this.#ready) return;
    if (change.kind === 'stale') {
      void this.#show();
      return;
    }
    if (!this.#shown) return;
    this.#frame.add(change);
    if (change.kind === 'head') this.#pendHeader();
    this.#pendChanges();
  }

  #applySessions({ sessionIds, structure }: SessionsChange): void {
    const id = this.#sessionId;
    if (id === undefined) return;
    if (sessionIds.has(id)) this.#applyOwnSession();
    if (structure || [...sessionIds].some((changed) => this.#isRelative(changed))) this.#pendHeader();
  }

  #applyEnd(sessionId: string): void {
    if (sessionId === this.#sessionId) this.#applyOwnSession();
    if (this.#isRelative(sessionId)) this.#pendHeader();
  }

  #applyOwnSession(): void {
    const session = this.#ports.sessions.get(this.#sessionId ?? '');
    if (session !== undefined) {
      this.#record = session;
      this.#isDeleted = false;
    } else if (this.#record !== undefined) void this.#findWhetherDeleted(this.#record.id);
    this.#tellTitle();
    const look = this.#findLook();
    const { transcript } = this;
    const before = this.#look;
    this.#look = look;
    if (transcript === undefined || !this.#shown) return;
    // Whether a part without an end goes on depends on whether the session works.
    if (look.idle !== before.idle) {
      for (const part of transcript.openParts()) this.#frame.add({ kind: 'part', ...part });
    }
    if (look.revertedFrom !== before.revertedFrom) {
      for (const messageId of transcript.messageIds) this.#frame.add({ kind: 'head', messageId });
    }
    this.#pendChanges();
  }

  #applyAttention(sessionIds: ReadonlySet<string>): void {
    if (this.#sessionId !== undefined && sessionIds.has(this.#sessionId)) this.tellRequests();
  }

  #applyCall(sessionId: string): void {
    if (this.waiting().some(({ request }) => request.sessionID === sessionId)) this.tellRequests();
  }

  #isRelative(sessionId: string): boolean {
    const id = this.#sessionId ?? '';
    return sessionId === id || subagentParents(this.#ports.sessions, sessionId).includes(id);
  }

  #findLook(): SessionLook {
    const status = this.#ports.sessions.status(this.#sessionId ?? '');
    const works = status.type !== 'idle' || this.#ports.ends.worksElsewhere(this.#sessionId ?? '');
    return { idle: !works, revertedFrom: this.session?.revert?.messageID };
  }

  #buildHeader(session: Session, transcript: Transcript): SessionHeader {
    const header = buildSessionHeader(session, {
      sessions: this.#ports.sessions,
      ends: this.#ports.ends,
      todos: this.#ports.todos.get(session.id) ?? [],
      context: findContextUse(transcript, this.#ports.facts.known(session.directory)?.providers),
      latestPrompt: transcript.latestPrompt,
      compacting: isCompacting(transcript),
    });
    return this.#isDeleted ? { ...header, deleted: true } : header;
  }

  #pendHeader(): void {
    this.#pend('header', () => {
      const header = this.#nextHeader();
      if (header === undefined) return undefined;
      const sent = JSON.stringify(header);
      if (sent === this.#sentHeader) return undefined;
      [this.#sentHeader, this.#lastHeader] = [sent, header];
      return { type: 'header', header };
    });
  }

  #nextHeader(): SessionHeader | undefined {
    const { session, transcript } = this;
    if (session !== undefined && transcript !== undefined) return this.#buildHeader(session, transcript);
    // Of a session that was deleted while the stream was broken, the page has more than we do.
    const last = this.#isDeleted && this.#shown ? this.#lastHeader : undefined;
    return last && { ...last, status: { type: 'idle' }, deleted: true };
  }

  #pendQueue(): void {
    const sessionId = this.#sessionId ?? '';
    this.#pend('queue', () => ({
      type: 'queue',
      sessionId,
      queue: this.#ports.prompting.waiting.of(sessionId),
    }));
  }

  /** What could not be had without a server is had with it, e.g. in a panel that came back with its window. */
  #applyConnection({ kind }: ConnectionState): void {
    this.#pendConnection();
    if (kind !== 'live') return;
    if (this.#shown) this.refreshChoices();
    else this.retry();
  }

  #pendConnection(): void {
    this.#pend('connection', () => ({
      type: 'connection',
      banner: buildConnectionBanner(this.#ports.connection.state),
    }));
  }

  /** Tells what the composer offers, which is asked of the server where it is not known. */
  refreshChoices(): void {
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

  #applyTodos(sessionId: string): void {
    this.#pendHeader();
    if (this.#shown) void loadTodos(this.#ports, sessionId);
  }

  #tellTitle(): void {
    const { session } = this;
    if (session !== undefined) this.#ports.onTitle(titleOf(session));
  }

  #pend(type: ToPage['type'], draft: () => ToPage | undefined): void {
    if (this.#ready) this.#outbox.put(type, draft);
  }

  #pendChanges(): void {
    this.#pend('changes', () => {
      const { transcript } = this;
      if (transcript === undefined) return undefined;
      const changes = this.#frame.take(transcript, this.#look);
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
