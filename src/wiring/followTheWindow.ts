import { Disposable, workspace } from 'vscode';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Event } from '../core/event.ts';
import { settings } from '../editor/settings.ts';
import { onDidFocusWindow } from '../editor/windowFocus.ts';
import { onDidChangeWorkspaceDirectories } from '../editor/workspaceFolders.ts';
import { AfterPaint } from '../views/afterPaint.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface FollowTheWindowInput {
  readonly stores: Pick<
    Stores,
    'sessions' | 'elsewhere' | 'models' | 'currentSession' | 'ends' | 'unread' | 'isLookedAt'
  >;
  readonly views: Pick<Views, 'sessionsTree'>;
  readonly connection: {
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
    refreshDirectories(): Promise<void>;
  };
  /** Connects as the settings say; what comes of it is told by the connection's state. */
  readonly connect: () => void;
  /** Shows a person what went wrong. */
  readonly report: (problem: unknown) => void;
}

/** Acts on what happens around the extension: folders, settings, focus, a session that goes away. */
export function followTheWindow({
  stores,
  views,
  connection,
  connect,
  report,
}: FollowTheWindowInput): Disposable {
  const { sessions, elsewhere, models, currentSession, ends, unread, isLookedAt } = stores;
  const markRead = (): void => {
    const { id } = currentSession;
    if (id !== undefined && isLookedAt(id)) unread.markRead(id);
  };
  const looking = new AfterPaint(() => {
    if (currentSession.id !== undefined) void ends.look(currentSession.id);
  });
  const catchingUp = new AfterPaint(() => {
    if (connection.state.kind !== 'live') return;
    void ends.catchUp(unread.all());
    models.look();
  });
  /** Whether a folder is to be loaded that was not when the connection came about. */
  let isBehind = false;
  const loadFollowed = (): void => {
    if (!isBehind || connection.state.kind !== 'live') return;
    isBehind = false;
    connection.refreshDirectories().catch(report);
  };
  return Disposable.from(
    elsewhere.onDidFollow(() => {
      isBehind = true;
      loadFollowed();
    }),
    connection.onDidChangeState(loadFollowed),
    workspace.onDidGrantWorkspaceTrust(connect),
    looking,
    currentSession.onDidChange(() => looking.plan()),
    // What is asked then takes the server and this thread from those who draw the first rows.
    catchingUp,
    connection.onDidChangeState(() => catchingUp.plan()),
    onDidChangeWorkspaceDirectories(() => {
      views.sessionsTree.refresh();
      if (connection.state.kind === 'live') models.look();
      if (connection.state.kind === 'live') connection.refreshDirectories().catch(report);
      else connect();
    }),
    settings.onDidChangeServer(connect),
    currentSession.onDidChange(markRead),
    onDidFocusWindow(markRead),
    sessions.onDidChange(({ sessionIds, structure }) => {
      const id = currentSession.id;
      if (!structure || id === undefined || !sessionIds.has(id)) return;
      if (sessions.get(id) === undefined) currentSession.set(undefined);
    }),
  );
}
