import type { ExtensionContext, Memento } from 'vscode';
import { Waits } from '../core/requests/waits.ts';
import { AskedCallStore } from '../core/requests/askedCalls.ts';
import { ChangesSearch } from '../core/rows/changesSearch.ts';
import { SessionChanges } from '../core/changes/sessionChanges.ts';
import { Activities } from '../core/rows/activities.ts';
import { Attention } from '../core/sessions/attention.ts';
import { ContextUses } from '../core/sessions/contextUses.ts';
import { LastEnds } from '../core/sessions/lastEnds.ts';
import { CurrentSession } from '../core/sessions/currentSession.ts';
import type { Disposable } from '../core/event.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import { HostedWord } from '../core/state/hostedModel.ts';
import { ModelLack } from '../core/state/modelLack.ts';
import { Offers } from '../core/state/offers.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Proof } from '../core/ports/proof.ts';
import type { ElsewhereSessions } from '../core/sessions/elsewhereSessions.ts';
import { SessionStore } from '../core/sessions/sessionStore.ts';
import { SessionLock } from '../core/turns/sessionLock.ts';
import { SettledTurns } from '../core/turns/settledTurn.ts';
import { TodoStore } from '../core/todos/todoStore.ts';
import { TranscriptStore } from '../core/transcript/transcriptStore.ts';
import { Unread } from '../core/sessions/unread.ts';
import { VisibleSessions } from '../core/sessions/visibleSessions.ts';
import { WorkingSessions } from '../core/sessions/workingSessions.ts';
import { startTimer, wait } from '../editor/timer.ts';
import { createFigureMemory } from '../editor/keeping/figureMemory.ts';
import { createUnreadMemory } from '../editor/keeping/unreadMemory.ts';
import { createWaitMemory } from '../editor/keeping/waitMemory.ts';
import { isWindowFocused } from '../editor/windowFocus.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';

/** What is true, as the server told it, and what the user looks at. */
export interface Stores extends Disposable {
  readonly sessions: SessionStore;
  /** Those of other folders of the same projects. */
  readonly elsewhere: ElsewhereSessions;
  readonly todos: TodoStore;
  readonly transcripts: TranscriptStore;
  /** What the configuration of each directory offers. */
  readonly offers: Offers;
  /** Whether there is a model to answer with. */
  readonly models: ModelLack;
  readonly turns: SettledTurns;
  readonly lock: SessionLock;
  /** Of what this user's editors keep with the sessions. */
  readonly proof: Proof;
  readonly contextUses: ContextUses;
  /** Whether the person knows where prompts go to free models that OpenCode hosts. */
  readonly hosted: HostedWord;
  /** Reads what sessions changed before it was seen. */
  readonly changesSearch: ChangesSearch;
  /** What they changed in the files, as far as it was seen. */
  readonly changes: SessionChanges;
  /** The server, of which whatever messages somebody reads are seen for that. */
  readonly seenOpenCode: Pick<OpenCode, 'listMessages'>;
  /** What they do. */
  readonly activities: Activities;
  readonly working: WorkingSessions;
  readonly attention: Attention;
  /** When sessions waited for a person. */
  readonly waits: Waits;
  readonly calls: AskedCallStore;
  readonly ends: LastEnds;
  readonly unread: Unread;
  readonly currentSession: CurrentSession;
  readonly visible: VisibleSessions;
  /** Whether the user has this session before their eyes. */
  readonly isLookedAt: (sessionId: string) => boolean;
  /** In the order in which they are told. */
  readonly sinks: readonly ServerSink[];
}

export interface StoresInput {
  readonly context: Pick<ExtensionContext, 'workspaceState'> & { readonly globalState: Memento };
  /** Whom the stores ask for history. */
  readonly openCode: OpenCode;
  readonly elsewhere: ElsewhereSessions;
  readonly proof: Proof;
  readonly log: Log;
}

export function createStores({ context, openCode, elsewhere, proof, log }: StoresInput): Stores {
  const sessions = new SessionStore();
  const todos = new TodoStore();
  const turns = new SettledTurns();
  const seen = createSeen({ context, openCode, sessions, log });
  const { seenOpenCode } = seen;
  const hosted = new HostedWord(context.globalState);
  const offers = new Offers(openCode);
  const models = new ModelLack({ offers, directories: workspaceDirectories, startTimer, log });
  const calls = new AskedCallStore({
    getMessage: (...asked) => openCode.getMessage(...asked),
    wait,
    startTimer,
    log,
  });
  const contextUses = new ContextUses();
  const currentSession = new CurrentSession();
  const visible = new VisibleSessions();
  const isLookedAt = (sessionId: string): boolean => isWindowFocused() && visible.has(sessionId);
  const activities = new Activities(Date.now);
  const working = new WorkingSessions(sessions);
  const attention = new Attention(sessions);
  const waits = new Waits({ attention, memory: createWaitMemory(context.workspaceState), now: Date.now });
  const ends = new LastEnds({
    turns,
    sessions,
    readMessages: async (id, limit) => (await seenOpenCode.listMessages(id, { limit })).messages,
    startTimer,
    log,
  });
  const unread = new Unread({
    sessions,
    ends,
    memory: createUnreadMemory(context.workspaceState),
    isLookedAt,
  });
  const owned = [
    seen,
    models,
    hosted,
    activities,
    working,
    waits,
    attention,
    calls,
    ends,
    unread,
    contextUses,
  ];
  return {
    sessions,
    elsewhere,
    todos,
    offers,
    models,
    turns,
    lock: new SessionLock(),
    proof,
    contextUses,
    ...seen,
    hosted,
    activities,
    working,
    attention,
    waits,
    calls,
    ends,
    unread,
    currentSession,
    visible,
    isLookedAt,
    sinks: [
      calls,
      elsewhere,
      sessions,
      waits,
      todos,
      contextUses,
      seen.changes,
      seen.transcripts,
      offers,
      turns,
      activities,
      ends,
    ],
    dispose: () => {
      for (const store of owned) store.dispose();
    },
  };
}

/** What is known of messages: those that are shown, and what sessions changed by whatever messages somebody reads. */
function createSeen({
  context,
  openCode,
  sessions,
  log,
}: Pick<StoresInput, 'context' | 'openCode' | 'log'> & { readonly sessions: SessionStore }) {
  const changes = new SessionChanges(sessions, createFigureMemory(context.workspaceState));
  const seenOpenCode: Stores['seenOpenCode'] = {
    listMessages: async (sessionId, asked) => {
      const page = await openCode.listMessages(sessionId, asked);
      changes.see(sessionId, asked, page);
      return page;
    },
  };
  const transcripts = new TranscriptStore({
    ...seenOpenCode,
    getMessage: (...asked) => openCode.getMessage(...asked),
  });
  const changesSearch = new ChangesSearch({ openCode: seenOpenCode, changes, wait, log });
  return {
    transcripts,
    changes,
    seenOpenCode,
    changesSearch,
    dispose: () => {
      changesSearch.dispose();
      changes.dispose();
    },
  };
}
