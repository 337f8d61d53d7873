import { env } from 'vscode';
import { connectProvider } from '../commands/provider/connectProvider.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { runWithProgress } from '../editor/asking/progress.ts';
import { openWebPage } from '../views/openWebPage.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { settings } from '../editor/settings.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import type { ProviderReload } from '../flows/providerReload.ts';
import type { CommandId } from '../manifest.ts';
import type { Stores } from './stores.ts';
import { whenLive } from '../commands/whenLive.ts';

export interface ProviderCommandsInput {
  readonly stores: Pick<Stores, 'sessions'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    connect(): Promise<void>;
  };
  readonly providerReload: ProviderReload;
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

export type ProviderCommandId = Extract<CommandId, `opencodeSessions.provider.${string}`>;

/** The verbs on providers of models. */
export function createProviderCommands({
  stores,
  connection,
  providerReload,
  dialogs,
  notify,
}: ProviderCommandsInput): Pick<CommandTable, ProviderCommandId> {
  const live = whenLive(connection);
  return {
    'opencodeSessions.provider.connect': live(
      connectProvider({
        ...stores,
        openCode: connection.openCode,
        directories: workspaceDirectories,
        serverUrl: () => (connection.state.kind === 'live' ? connection.state.url : settings.serverUrl()),
        providerReload,
        dialogs,
        notify,
        runWithProgress,
        openWebPage,
        copy: async (text) => env.clipboard.writeText(text),
      }),
    ),
  };
}
