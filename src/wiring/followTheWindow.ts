import { Disposable } from 'vscode';
import { settings } from '../editor/settings.ts';
import { onDidFocusWindow } from '../editor/windowFocus.ts';
import { onDidChangeWorkspaceDirectories } from '../editor/workspaceFolders.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface FollowTheWindowInput {
  readonly stores: Pick<Stores, 'sessions' | 'currentSession' | 'unread'>;
  readonly views: Pick<Views, 'sessionsTree'>;
  readonly connection: {
    restart(): Promise<void>;
    refreshDirectories(): Promise<void>;
  };
  /** Shows a person what went wrong. */
  readonly report: (problem: unknown) => void;
}

/** Acts on what happens around the extension: folders, settings, focus, a session that goes away. */
export function followTheWindow({ stores, views, connection, report }: FollowTheWindowInput): Disposable {
  const { sessions, currentSession, unread } = stores;
  const markRead = (): void => {
    if (currentSession.id !== undefined) unread.markRead(currentSession.id);
  };
  return Disposable.from(
    onDidChangeWorkspaceDirectories(() => {
      views.sessionsTree.refresh();
      connection.refreshDirectories().catch(report);
    }),
    settings.onDidChangeServer(() => {
      connection.restart().catch(report);
    }),
    currentSession.onDidChange(markRead),
    onDidFocusWindow(markRead),
    sessions.onDidChange(({ sessionIds, structure }) => {
      const id = currentSession.id;
      if (!structure || id === undefined || !sessionIds.has(id)) return;
      if (sessions.get(id) === undefined) currentSession.set(undefined);
    }),
  );
}
