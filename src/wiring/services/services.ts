import type { ExtensionContext } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { setContextKey } from '../../editor/contextKeys.ts';
import { createFollowedFolders } from '../../editor/services/followedFolders.ts';
import { ServiceFinder } from '../../editor/services/serviceFinder.ts';
import { ServiceGrouping } from '../../editor/services/serviceGrouping.ts';
import type { ElsewhereSessions } from '../../core/sessions/elsewhereSessions.ts';

export interface ServicesInput {
  readonly context: Pick<ExtensionContext, 'workspaceState'>;
  readonly elsewhere: Pick<ElsewhereSessions, 'followFolder'>;
  readonly connection: { refreshDirectories(): Promise<void> };
  readonly notify: Notify;
  readonly log: Log;
}

/** The folders with a service of their own, and how sessions are grouped by them. */
export interface Services {
  readonly finder: ServiceFinder;
  readonly grouping: ServiceGrouping;
  /** Has what happens in a folder told to this window, and ends when it is. */
  readonly followFolder: (directory: string) => Promise<void>;
  dispose(): void;
}

export function createServices({ context, elsewhere, connection, notify, log }: ServicesInput): Services {
  const finder = new ServiceFinder({ notify, log });
  const grouping = new ServiceGrouping({
    memory: context.workspaceState,
    finder,
    onDidSet: (isOn) => {
      setContextKey('opencodeSessions.groupedByService', isOn).catch((error: unknown) =>
        log.warn('A context key was not set.', error),
      );
    },
    log,
  });
  const followed = createFollowedFolders(context.workspaceState);
  // Before there is a connection, which loads them with the window's own.
  for (const directory of followed.all()) elsewhere.followFolder(directory);
  return {
    finder,
    grouping,
    followFolder: async (directory) => {
      if (!elsewhere.followFolder(directory)) return;
      followed.note(directory);
      await connection.refreshDirectories();
    },
    dispose: () => {
      grouping.dispose();
      finder.dispose();
    },
  };
}
