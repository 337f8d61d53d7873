import { Disposable, env } from 'vscode';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { Glances } from '../core/rows/glances.ts';
import { Results } from '../core/rows/results.ts';
import { loadContextUse } from '../core/sessions/loadContextUse.ts';
import { loadTodos } from '../core/todos/loadTodos.ts';
import { SessionFactsReader } from '../core/sessions/sessionFacts.ts';
import { draggedTodosType, type EarlyViews } from '../editor/earlyViews.ts';
import { registerSessionDrops } from '../editor/drafts/sessionDrops.ts';
import { settings } from '../editor/settings.ts';
import { startTimer } from '../editor/timer.ts';
import { directoryName, workspaceDirectories } from '../editor/workspaceFolders.ts';
import { dragRows } from '../views/dragRows.ts';
import { notifyOfFinished } from '../views/finishedNotifications.ts';
import { RequestNotifications } from '../views/requestNotifications.ts';
import { SessionDecorations } from '../views/sessionDecorations.ts';
import { SessionsTree, type SessionsTreePorts } from '../views/sessionsTree.ts';
import { SessionsView } from '../views/sessionsView.ts';
import { StatusBar, type StatusBarPorts } from '../views/statusBar.ts';
import { TodosTree, type TodosTreePorts } from '../views/todos/todosTree.ts';
import type { Stores } from './stores.ts';

export interface ViewsInput {
  readonly earlyViews: EarlyViews;
  readonly stores: Stores;
  readonly companion: Pick<StatusBarPorts, 'companions'>;
  readonly continuation: { readonly relays: SessionsTreePorts['relays'] };
  readonly firstPrompts: SessionsTreePorts['firstPrompts'];
  readonly services: Pick<SessionsTreePorts, 'grouping'>;
  readonly todos: Pick<TodosTreePorts, 'editing'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly notify: Notify;
  /** Shows a person what went wrong. */
  readonly report: (problem: unknown) => void;
  readonly log: Log;
}

/** The native views, of which other parts need these. */
export interface Views extends Disposable {
  readonly sessionsView: SessionsView;
  readonly sessionsTree: SessionsTree;
  readonly todosTree: TodosTree;
  readonly facts: SessionFactsReader;
}

/** Waits no longer than a person does who rests the mouse on a row, in milliseconds. */
const patience = 400;

export function createViews({
  earlyViews,
  stores,
  companion,
  continuation,
  firstPrompts,
  services,
  todos,
  connection,
  notify,
  report,
  log,
}: ViewsInput): Views {
  const results = new Results({
    ...stores,
    readMessages: async (id, limit) => (await stores.seenOpenCode.listMessages(id, { limit })).messages,
    startTimer,
    log,
  });
  const facts = new SessionFactsReader({ ...stores, results, now: Date.now });
  const { openCode } = connection;
  const asking = {
    ...stores,
    openCode: {
      ...stores.seenOpenCode,
      getMessage: (...asked: Parameters<OpenCode['getMessage']>) => openCode.getMessage(...asked),
      listTodos: (sessionId: string) => openCode.listTodos(sessionId),
    },
    log,
  };
  const glances = new Glances(asking);
  const sessionsTree = new SessionsTree({
    ...stores,
    facts,
    results,
    relays: continuation.relays,
    firstPrompts,
    connection,
    directories: workspaceDirectories,
    directoryName,
    grouping: services.grouping,
    glances,
    loadGlance: (sessionId) => soon(glances.load(sessionId)),
    now: Date.now,
  });
  const sessionsView = new SessionsView({
    ...stores,
    openView: (rows) => earlyViews.sessions.open(rows, { drag: dragRows(stores.sessions) }),
    tree: sessionsTree,
    connection,
    startTimer,
    log,
  });
  const todosTree = new TodosTree({
    ...stores,
    ...todos,
    openView: (rows, dragging) => earlyViews.todos.open(rows, dragging),
    draggedType: draggedTodosType,
    load: (sessionId) => loadTodos(asking, sessionId),
    report,
  });
  const owned = Disposable.from(
    results,
    sessionsTree,
    sessionsView,
    // Once a connection: from the first answer on, rows say how full the context is.
    stores.contextUses.onDidChange(({ sessionId }) => {
      const directory = stores.sessions.get(sessionId)?.directory;
      if (directory === undefined || !stores.offers.isWanting(directory)) return;
      void loadContextUse(asking, sessionId).then(() => sessionsTree.refreshDirectory(directory));
    }),
    new SessionDecorations(stores),
    registerSessionDrops(env.uriScheme),
    todosTree,
    new StatusBar({ ...stores, ...companion, directoryName, connection }),
    new RequestNotifications({
      ...stores,
      isVisible: stores.isLookedAt,
      isWanted: settings.notifiesOfRequests,
      notify,
    }),
    notifyOfFinished({ ...stores, results, isWanted: settings.notifiesOfFinished, notify }),
  );
  return { sessionsView, sessionsTree, todosTree, facts, dispose: () => owned.dispose() };
}

async function soon(loading: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = startTimer(resolve, patience);
  await Promise.race([loading, promise]);
  timer.dispose();
}
