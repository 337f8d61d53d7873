import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import type { Waits } from '../../core/requests/waits.ts';
import type { Attention, Waiting } from '../../core/sessions/attention.ts';
import {
  buildComposerChoices,
  buildKnownChoices,
  type ChoiceSources,
} from '../../core/page/composerChoices.ts';
import { buildConnectionBanner } from '../../core/page/connectionBanner.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { Offers } from '../../core/state/offers.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import {
  type ComposerTexts,
  isWritten,
  type Prompting,
  type WaitingPrompts,
} from '../../core/prompts/prompting.ts';
import type { SessionChanges } from '../../core/changes/sessionChanges.ts';
import { loadTodos } from '../../core/todos/loadTodos.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Sessions, SessionsChange } from '../../core/sessions/sessionStore.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import type { TranscriptStore, TranscriptStoreChange } from '../../core/transcript/transcriptStore.ts';
import { FurtherMessages } from './furtherMessages.ts';
import { GivenMessages } from './givenMessages.ts';
import { PageOutbox, type PageOutboxPorts } from './pageOutbox.ts';
import { ShownSession, type ShownSessionPorts } from './shownSession.ts';
import { ToldHeader } from './toldHeader.ts';
import { WaitingRequests } from './waitingRequests.ts';
import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { SessionPicture, ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';

export interface FeedSources extends Required<ChoiceSources> {
  readonly sessions: Sessions;
  readonly todos: Pick<TodoStore, 'get' | 'isWanting' | 'load' | 'onDidChange'>;
  readonly changes: Pick<SessionChanges, 'figure' | 'onDidChange'>;
  readonly transcripts: TranscriptStore;
  readonly follow: ShownSessionPorts['follow'];
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere' | 'onDidChange'>;
  readonly attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly waits: Pick<Waits, 'of'>;
  readonly calls: Pick<AskedCalls, 'of' | 'onDidChange'>;
  readonly offers: Offers;
  readonly prompting: {
    readonly drafts: Pick<ComposerTexts, 'get'>;
    readonly lent: Pick<Prompting['lent'], 'has' | 'onDidChange'>;
    readonly waiting: Pick<WaitingPrompts, 'of' | 'onDidChange'>;
    readonly typed: Prompting['typed'];
  };
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly openCode: Pick<OpenCode, 'getSession' | 'listTodos'>;
  readonly log: Log;
}

export interface FeedPorts extends FeedSources, PageOutboxPorts, Pick<ShownSessionPorts, 'onTitle'> {}

/**
 * What one page is fed: a picture of its session when it turns to it, then what changes, at most one message a
 * frame. A page that is hidden or not there yet is told nothing; when it is ready it gets the picture again.
 */
export class TranscriptFeed implements Disposable {
  readonly #ports: FeedPorts;
  readonly #subscriptions: Disposable[];
  readonly #session: ShownSession;
  readonly #messages: GivenMessages;
  readonly #header: ToldHeader;
  readonly #outbox: PageOutbox;
  readonly #requests: WaitingRequests;
  /** What the page asks for of the messages that it was not given with the session. */
  readonly further: FurtherMessages;
  #ready = false;
  /** A message to scroll to as soon as the session is shown. */
  #toReveal: string | undefined;
  /** Counts the pictures: one that took too long and is no longer wanted is thrown away. */
  #turn = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#session = new ShownSession(ports, () => this.#pendHeader());
    this.#messages = new GivenMessages(ports.transcripts, this.#session);
    this.further = new FurtherMessages(ports, this.#session, this.#messages, () => this.#watchPicture());
    this.#header = new ToldHeader(ports, this.#session);
    this.#outbox = new PageOutbox(ports);
    this.#requests = new WaitingRequests(ports);
    const { sessions, ends, todos, transcripts, attention, calls, offers, prompting, connection } = ports;
    this.#subscriptions = [
      sessions.onDidChange((change) => this.#applySessions(change)),
      ends.onDidChange(({ sessionId }) => this.#applyEnd(sessionId)),
      transcripts.onDidChange((change) => this.#applyTranscript(change)),
      todos.onDidChange(({ sessionId }) => sessionId === this.sessionId && this.#applyTodos(sessionId)),
      ports.changes.onDidChange(({ sessionId }) => sessionId === this.sessionId && this.#pendHeader()),
      attention.onDidChange(({ sessionIds }) => sessionIds.has(this.sessionId ?? '') && this.tellRequests()),
      calls.onDidChange(({ sessionId }) => this.#applyCall(sessionId)),
      offers.onDidChange(({ directory }) => directory === this.session?.directory && this.refreshChoices()),
      prompting.lent.onDidChange(({ sessionId }) => this.#pendOf(sessionId, 'lent', lentWord)),
      prompting.waiting.onDidChange(({ sessionId }) => this.#pendOf(sessionId, 'queue', queueWord)),
      connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
  }

  get sessionId(): string | undefined {
    return this.#session.id;
  }

  get session(): Session | undefined {
    return this.#session.record;
  }

  get transcript(): Transcript | undefined {
    return this.#session.transcript;
  }

  /** Whether a page is there that was given this session. */
  shows(sessionId: string): boolean {
    return this.#messages.isShown && this.sessionId === sessionId;
  }

  /** Shows this session from here on; `reveal` is a message to scroll to. */
  turnTo(sessionId: string, reveal?: string): void {
    this.#toReveal = reveal;
    if (sessionId !== this.sessionId) this.#leave(sessionId);
    if (!this.#ready) this.#loadAhead(sessionId);
    else if (this.#messages.isShown) this.#showRevealed();
    else void this.#show();
    // After the picture, so that it is not behind the window's own work on its tab.
    this.#session.tellTitle();
  }

  /** Whether a page is there, listens and can be seen. Each time it becomes so, it is given everything. */
  setReady(ready: boolean): void {
    this.#ready = ready;
    if (!ready) {
      this.#silence();
      return;
    }
    this.#messages.forget();
    this.#pendConnection();
    void this.#show();
  }

  /** Shows the session again, e.g. after a failure. */
  retry(): void {
    if (this.#ready) void this.#show();
  }

  /** What the session and its subagents wait for. */
  waiting(): readonly Waiting[] {
    return this.#requests.of(this.sessionId ?? '');
  }

  /** The whole of what a permission is asked for was opened. */
  noteOpened(requestId: string, text: string): void {
    this.#requests.noteOpened(requestId, text);
    this.tellRequests();
  }

  /** Tells what waits for an answer, also if that is no news. */
  tellRequests(): void {
    const sessionId = this.sessionId ?? '';
    this.#pend('requests', () => ({ type: 'requests', sessionId, ...this.#requests.entries(sessionId) }));
  }

  dispose(): void {
    this.#silence();
    this.#turn++;
    this.#session.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #leave(sessionId: string): void {
    this.#messages.leave();
    this.#session.turnTo(sessionId);
    this.#silence();
    this.#pendConnection();
  }

  /** Forgets all that was about to be told. */
  #silence(): void {
    this.#messages.silence();
    this.#outbox.clear();
  }

  /** Has the messages fetched while the page starts; what goes wrong is told when they are shown. */
  #loadAhead(sessionId: string): void {
    this.#ports.transcripts.load(sessionId).catch((error: unknown) => {
      this.#ports.log.debug('Transcript could not be loaded ahead', sessionId, error);
    });
  }

  /** Tells later whether the page is there and no other picture was begun since. */
  #watchPicture(): () => boolean {
    const turn = this.#turn;
    return () => turn === this.#turn && this.#ready;
  }

  #showRevealed(): void {
    const messageId = this.#toReveal;
    this.#toReveal = undefined;
    if (messageId !== undefined) this.#ports.post({ type: 'reveal', messageId });
  }

  async #show(): Promise<void> {
    const sessionId = this.sessionId;
    if (sessionId === undefined) return;
    this.#turn++;
    const isWanted = this.#watchPicture();
    const known = this.transcript;
    if (known === undefined && !this.#messages.isShown) {
      // A session that is there with the next frame is shown without that word before it.
      this.#pend('loading', () => {
        this.#messages.use(sessionId);
        return { type: 'loading', sessionId, title: this.#session.title };
      });
    }
    try {
      const [transcript, session] =
        known !== undefined && this.session !== undefined
          ? [known, this.session]
          : await Promise.all([this.#ports.transcripts.load(sessionId), this.#session.find(sessionId)]);
      if (!isWanted()) return;
      this.#postView(transcript, session);
    } catch (error) {
      if (!isWanted()) return;
      // What the page has of it is more than a sentence.
      if (error instanceof NotFoundProblem && this.#messages.isShown) this.#session.noteDeleted();
      else this.#postFailure(sessionId, error);
    }
  }

  #postView(transcript: Transcript, session: Session): void {
    this.#outbox.drop('loading');
    const { prompting } = this.#ports;
    const wasShown = this.#messages.isShown;
    const view = {
      header: this.#header.begin(session, transcript),
      ...this.#requests.entries(session.id),
      draft: prompting.drafts.get(session.id),
      queue: prompting.waiting.of(session.id),
      isLent: prompting.lent.has(session.id),
      typed: prompting.typed.of(session.id),
    };
    const messages = this.#messages.give(session.id, transcript);
    if (messages === undefined) this.#ports.post({ type: 'showAgain', view });
    else this.#postWhole({ ...view, ...messages });
    this.#showRevealed();
    if (wasShown) return;
    this.refreshChoices();
    void loadTodos(this.#ports, session.id);
  }

  #postWhole(view: SessionPicture): void {
    const reveal = this.#toReveal;
    this.#toReveal = undefined;
    this.#ports.post({ type: 'show', view, ...(reveal === undefined ? {} : { reveal }) });
  }

  #postFailure(sessionId: string, error: unknown): void {
    // Until the server answers there is nothing to say but that; the line about the connection does.
    if (this.#ports.connection.state.kind === 'starting') return;
    this.#outbox.drop('loading');
    this.#messages.use(sessionId);
    if (!(error instanceof Problem)) this.#ports.log.error('Transcript could not be shown', sessionId, error);
    this.#ports.post(buildFailure(sessionId, error, isWritten(this.#ports.prompting, sessionId)));
  }

  #applyTranscript({ sessionId, change }: TranscriptStoreChange): void {
    if (sessionId !== this.sessionId || !this.#ready) return;
    if (change.kind === 'stale') {
      void this.#show();
      return;
    }
    if (!this.#messages.isShown) return;
    this.#messages.add(change);
    if (change.kind === 'head') this.#pendHeader();
    this.#pendChanges();
  }

  #applySessions({ sessionIds, structure }: SessionsChange): void {
    const id = this.sessionId;
    if (id === undefined) return;
    if (sessionIds.has(id)) this.#applyOwnSession();
    if (structure || [...sessionIds].some((changed) => this.#session.isRelative(changed))) this.#pendHeader();
  }

  #applyEnd(sessionId: string): void {
    if (sessionId === this.sessionId) this.#applyOwnSession();
    if (this.#session.isRelative(sessionId)) this.#pendHeader();
  }

  #applyOwnSession(): void {
    this.#session.update();
    if (!this.#messages.updateLook()) void this.#show();
    else if (this.#messages.isShown) this.#pendChanges();
  }

  #applyCall(sessionId: string): void {
    if (this.waiting().some(({ request }) => request.sessionID === sessionId)) this.tellRequests();
  }

  #pendHeader(): void {
    this.#pend('header', () => {
      const header = this.#header.next(this.#messages.isShown);
      return header && { type: 'header', header };
    });
  }

  /** What could not be had without a server is had with it, e.g. in a panel that came back with its window. */
  #applyConnection({ kind }: ConnectionState): void {
    this.#pendConnection();
    if (kind !== 'live') return;
    if (this.#messages.isShown) this.refreshChoices();
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
    if (session === undefined || !this.#messages.isShown) return;
    void this.#loadChoices(session);
  }

  async #loadChoices(session: Session): Promise<void> {
    const choices = await loadChoices(this.#ports, session);
    if (choices === undefined || this.session?.id !== session.id) return;
    this.#pend('choices', () => ({ type: 'choices', choices }));
    this.#pendHeader();
  }

  #applyTodos(sessionId: string): void {
    this.#pendHeader();
    if (this.#messages.isShown) void loadTodos(this.#ports, sessionId);
  }

  #pendOf(sessionId: string, type: ToPage['type'], word: PromptingWord): void {
    if (sessionId === this.sessionId) this.#pend(type, () => word(this.#ports.prompting, sessionId));
  }

  #pend(type: ToPage['type'], draft: () => ToPage | undefined): void {
    if (this.#ready) this.#outbox.put(type, draft);
  }

  #pendChanges(): void {
    this.#pend('changes', () => {
      const changes = this.#messages.takeChanges();
      return changes.length === 0 ? undefined : { type: 'changes', sessionId: this.sessionId ?? '', changes };
    });
  }
}

/** What a page is told of the prompts of a session. */
type PromptingWord = (prompting: FeedSources['prompting'], sessionId: string) => ToPage;

/** What stands in the composer, and whether it is locked. */
const lentWord: PromptingWord = ({ lent, drafts }, sessionId) => ({
  type: 'lent',
  sessionId,
  isLent: lent.has(sessionId),
  draft: drafts.get(sessionId),
});

const queueWord: PromptingWord = ({ waiting }, sessionId) => ({
  type: 'queue',
  sessionId,
  queue: waiting.of(sessionId),
});

/** undefined: what is said of the connection says why there are none. */
async function loadChoices(ports: FeedSources, session: Session): Promise<ComposerChoices | undefined> {
  const { offers, connection, log } = ports;
  const { directory } = session;
  try {
    return buildComposerChoices(await offers.load(directory), session, ports);
  } catch (error) {
    log.warn('Composer choices could not be loaded', directory, error);
    if (connection.state.kind !== 'live') return undefined;
    return buildKnownChoices(offers.known(directory), error, session, ports);
  }
}

/** `hasText`: a prompt is written for the session, whose composer is not shown. */
function buildFailure(sessionId: string, error: unknown, hasText: boolean): ToPage {
  const isLeft = error instanceof NotFoundProblem && hasText;
  const openText = { title: l10n.t('Open Text'), command: 'opencodeSessions.prompt.editInEditor' };
  const remedy = isLeft ? openText : error instanceof Problem ? error.remedy : undefined;
  return {
    type: 'failed',
    sessionId,
    message: isLeft
      ? l10n.t('{0} What was written for it is kept.', describeFailure(error))
      : describeFailure(error),
    ...(remedy === undefined ? {} : { action: { title: remedy.title, command: remedy.command } }),
  };
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
