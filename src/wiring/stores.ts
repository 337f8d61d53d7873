import type { ExtensionContext } from 'vscode';
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
import { ModelLack } from '../core/state/modelLack.ts';
import { Offers } from '../core/state/offers.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Proof } from '../core/ports/proof.ts';
import type { ElsewhereSessions } from '../core/sessions/elsewhereSessions.ts';
import { SessionStore } from '../core/sessions/sessionStore.ts';
import { SessionLock } from '../core/turns/sessionLock.ts';
import { SettledTurns } from '../core/turns/settledTurn.ts';
import { TodoStore } from '../core/sessions/todoStore.ts';
import { TranscriptStore } from '../core/transcript/transcriptStore.ts';
import { Unread } from '../core/sessions/unread.ts';
import { VisibleSessions } from '../core/sessions/visibleSessions.ts';
import { WorkingSessions } from '../core/sessions/workingSessions.ts';
import { startTimer, wait } from '../editor/timer.ts';
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
  /** What sessions changed, as far as that is known. */
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
  readonly context: Pick<ExtensionContext, 'workspaceState'>;
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
  const changes = new SessionChanges(sessions);
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
  const offers = new Offers(openCode);
  const models = new ModelLack({ offers, directories: workspaceDirectories, startTimer, log });
  const calls = new AskedCallStore({
    getMessage: (...asked) => openCode.getMessage(...asked),
    wait,
    startTimer,
    log,
  });
  const contextUses = new ContextUses();
  const changesSearch = new ChangesSearch({ openCode: seenOpenCode, log });
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
  const owned = [models, changes, activities, working, waits, attention, calls, ends, unread, contextUses];
  return {
    sessions,
    elsewhere,
    todos,
    transcripts,
    offers,
    models,
    turns,
    lock: new SessionLock(),
    proof,
    contextUses,
    changesSearch,
    changes,
    seenOpenCode,
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
      changes,
      transcripts,
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
