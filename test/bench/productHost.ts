import { SessionChanges } from '../../src/core/changes/sessionChanges.ts';
import { Attention } from '../../src/core/sessions/attention.ts';
import { ContextUses } from '../../src/core/sessions/contextUses.ts';
import { Offers } from '../../src/core/state/offers.ts';
import { Emitter } from '../../src/core/event.ts';
import { startTimer } from '../../src/editor/timer.ts';
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
import type { PageLink } from './pageLink.ts';
import { Memory } from '../unit/views/memory.ts';

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (...words) => console.error(...words),
  error: (...words) => console.error(...words),
};

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
    this.sinks = [
      this.#sessions,
      this.#todos,
      new ContextUses(),
      this.#transcripts,
      this.#offers,
      this.#turns,
      this.#ends,
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
