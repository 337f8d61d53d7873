import { SessionChanges } from '../../src/core/changes/sessionChanges.ts';
import { Attention } from '../../src/core/sessions/attention.ts';
import { ContextUses } from '../../src/core/sessions/contextUses.ts';
import { Offers } from '../../src/core/state/offers.ts';
import { Emitter } from '../../src/core/event.ts';
import { startTimer, wait } from '../../src/editor/timer.ts';
import type { LiveDocumentPorts } from '../../src/flows/documents/liveDocument.ts';
import { SessionDocuments } from '../../src/flows/documents/sessionDocuments.ts';
import { LastEnds } from '../../src/core/sessions/lastEnds.ts';
import type { Log } from '../../src/core/log.ts';
import type { ServerSink } from '../../src/core/ports/serverSink.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { SettledTurns } from '../../src/core/turns/settledTurn.ts';
import { TodoStore } from '../../src/core/todos/todoStore.ts';
import { TranscriptStore } from '../../src/core/transcript/transcriptStore.ts';
import { FromPage } from '../../src/protocol/page/fromPage.ts';
import type { QueuedPrompt } from '../../src/protocol/page/composer.ts';
import { Connection } from '../../src/server/connection.ts';
import { nextFrame } from '../../src/views/transcript/nextFrame.ts';
import { TranscriptFeed } from '../../src/views/transcript/transcriptFeed.ts';
import type { DocumentTimes } from './hostOrders.ts';
import type { PageLink } from './pageLink.ts';
import { Memory } from '../unit/views/memory.ts';

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (...words) => console.error(...words),
  error: (...words) => console.error(...words),
};

type DocumentConnection = LiveDocumentPorts['connection'];

/** The address of the one that is open. */
const document = 'document';

/**
 * The extension host without VS Code: the real connection, stores and transcript feeds, put together as the extension
 * does. Only what a person would do with the editor (composer, commands, files) is not there.
 */
export class ProductHost {
  readonly #sessions = new SessionStore();
  readonly #todos = new TodoStore();
  readonly #attention = new Attention(this.#sessions);
  readonly #turns = new SettledTurns();
  readonly #ends = new LastEnds({
    turns: this.#turns,
    sessions: this.#sessions,
    readMessages: async (id, limit) => (await this.#connection.openCode.listMessages(id, { limit })).messages,
    startTimer,
    log: silent,
  });
  readonly #connection: Connection;
  readonly #transcripts: TranscriptStore;
  readonly #offers: Offers;
  readonly #documents: SessionDocuments;
  /** In the order in which the extension tells them. */
  readonly sinks: readonly ServerSink[];

  constructor(serverUrl: string, directory: string) {
    this.#transcripts = new TranscriptStore({
      listMessages: (...asked) => this.#connection.openCode.listMessages(...asked),
      getMessage: (...asked) => this.#connection.openCode.getMessage(...asked),
    });
    this.#offers = new Offers({
      listAgents: (folder) => this.#connection.openCode.listAgents(folder),
      listProviders: (folder) => this.#connection.openCode.listProviders(folder),
      listCommands: (folder) => this.#connection.openCode.listCommands(folder),
    });
    const connection: DocumentConnection = {
      state: { kind: 'live', url: serverUrl, version: '', managed: false },
      onDidChangeState: () => ({ dispose: () => undefined }),
      connect: () => Promise.resolve(),
    };
    this.#documents = new SessionDocuments({
      openCode: {
        listMessages: (...asked) => this.#connection.openCode.listMessages(...asked),
        getMessage: (...asked) => this.#connection.openCode.getMessage(...asked),
        getSession: (id) => this.#connection.openCode.getSession(id),
      },
      transcripts: this.#transcripts,
      sessions: this.#sessions,
      connection,
      follow: () => undefined,
      startTimer,
      wait,
      now: Date.now,
      log: silent,
    });
    this.sinks = [
      this.#sessions,
      this.#todos,
      new ContextUses(),
      this.#transcripts,
      this.#offers,
      this.#turns,
      this.#ends,
      this.#documents,
    ];
    this.#connection = new Connection({
      settings: () => ({ url: serverUrl }),
      directories: () => [directory],
      credentials: () => Promise.resolve(undefined),
      // A server that runs already needs none.
      keeper: { script: '', stateFolder: '' },
      environment: {},
      trusted: () => true,
      kept: new Memory(),
      sinks: this.sinks,
      log: silent,
    });
  }

  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /** Feeds a page that opened, until it closes. */
  feed(link: PageLink): void {
    const feed = new TranscriptFeed({
      sessions: this.#sessions,
      todos: this.#todos,
      changes: new SessionChanges(this.#sessions),
      transcripts: this.#transcripts,
      follow: () => undefined,
      waits: { of: () => [] },
      calls: { of: () => ({ kind: 'none' }), onDidChange: () => ({ dispose() {} }) },
      ends: this.#ends,
      attention: this.#attention,
      offers: this.#offers,
      savedChains: () => [],
      hosted: { isTold: true },
      prompting: {
        waiting: {
          of: () => [] as readonly QueuedPrompt[],
          onDidChange: new Emitter<{ sessionId: string }>().event,
        },
        drafts: { get: () => ({ text: '' }) },
        lent: { has: () => false, onDidChange: new Emitter<{ sessionId: string }>().event },
        typed: { of: () => ({}) },
      },
      connection: this.#connection,
      openCode: this.#connection.openCode,
      log: silent,
      post: (message) => link.post(message),
      onNextFrame: nextFrame(),
      onTitle: () => undefined,
    });
    feed.turnTo(link.sessionId);
    link.onAsk((message) => this.#answer(feed, link, message));
    link.onClose(() => feed.dispose());
  }

  /** Reads a session as a document, as an editor asks for it until it is whole; the texts are let go as an editor's are. */
  async openDocument(sessionId: string): Promise<DocumentTimes> {
    const query = `session=${sessionId}`;
    const start = performance.now();
    this.#documents.hurry(document);
    await this.#documents.read(document, query);
    const first = performance.now() - start;
    while (this.#documents.isFilling(document)) {
      await this.#nextText();
      await this.#documents.read(document, query);
    }
    const whole = performance.now() - start;
    const { length: characters } = await this.#documents.read(document, query);
    return { first, whole, characters };
  }

  #nextText(): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.#documents.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
  }

  closeDocument(): void {
    this.#documents.close(document);
  }

  /** Forgets the transcripts that nobody looks at, so that the next one is opened cold. */
  forget(): void {
    this.#transcripts.reset([]);
  }

  #answer(feed: TranscriptFeed, link: PageLink, message: unknown): void {
    const asked = FromPage.parse(message);
    switch (asked.type) {
      case 'ready':
        link.post({
          type: 'init',
          settings: { enterSends: true },
        });
        feed.setReady(true);
        break;
      case 'loadUntil':
        void feed.further.giveAround(asked.messageId);
        break;
      case 'loadBeside':
        void feed.further.loadBeside(asked.messageId, asked.side);
        break;
      case 'openSession':
        feed.turnTo(asked.sessionId);
        break;
      case 'error':
        console.error(asked.message);
        break;
      default:
        break;
    }
  }
}
