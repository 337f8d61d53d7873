import { homedir } from 'node:os';
import { join } from 'node:path';
import { workspace, type ExtensionContext } from 'vscode';
import { installCompanion } from '../commands/companion/installCompanion.ts';
import { removeCompanion } from '../commands/companion/removeCompanion.ts';
import type { Disposable, Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { CompanionFiles } from '../core/ports/companionFiles.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ServerSinks } from '../core/ports/serverSinks.ts';
import { Companions } from '../core/state/companions.ts';
import { ToldReceive } from '../core/state/toldReceive.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { continuationSettings } from '../editor/continuationSettings.ts';
import { createCompanionFiles } from '../editor/keeping/companionFiles.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { settings } from '../editor/settings.ts';
import { startTimer } from '../editor/timer.ts';
import { directoryName, workspaceDirectories } from '../editor/workspaceFolders.ts';
import type { CommandId } from '../manifest.ts';
import { companionOptions } from '../protocol/companion.ts';
import type { HandedInCompanion } from '../server/dialect/serving.ts';
import { noticeCompanions } from '../views/companionNotice.ts';
import type { Stores } from './stores.ts';

type CompanionContext = Pick<ExtensionContext, 'extensionPath' | 'extension' | 'globalState'>;

function builtCompanion({ extensionPath }: Pick<ExtensionContext, 'extensionPath'>): string {
  return join(extensionPath, 'dist', 'companion.js');
}

/** The companion that a server of ours is started with. */
export function handedInCompanion(
  context: Pick<ExtensionContext, 'extensionPath'>,
): HandedInCompanion | undefined {
  if (!settings.companionEnabled()) return undefined;
  const options = companionOptions({ hopLimit: continuationSettings.hopLimit() });
  return { file: builtCompanion(context), options };
}

export interface CompanionInput {
  readonly context: CompanionContext;
  /** Passes the server's word on. */
  readonly told: Pick<ServerSinks, 'add'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly stores: Pick<Stores, 'proof'>;
  readonly notify: Notify;
  readonly log: Log;
}

/** What is known of the companion: as a file that is installed, and what answers in the folders of the window. */
export interface CompanionRoom extends Disposable {
  readonly files: CompanionFiles;
  readonly companions: Companions;
}

export function createCompanion({
  context,
  told,
  connection,
  stores,
  notify,
  log,
}: CompanionInput): CompanionRoom {
  const companions = new Companions({ openCode: connection.openCode, startTimer, log });
  told.add([companions]);
  const receives = new ToldReceive({
    ...stores,
    companions,
    openCode: connection.openCode,
    receives: settings.receives,
    onDidChangeReceives: (listener) => settings.onDidChangeReceives(() => listener()),
    now: Date.now,
    log,
  });
  const files = createCompanionFiles({
    version: String((context.extension.packageJSON as { version?: unknown }).version),
    source: builtCompanion(context),
    environment: process.env,
    home: homedir(),
  });
  const notices = noticeCompanions({
    connection,
    files,
    directories: workspaceDirectories,
    onDidChangeSetting: (listener) => settings.onDidChangeCompanion(() => listener()),
    memento: context.globalState,
    notify,
    log,
  });
  return {
    files,
    companions,
    dispose: () => {
      for (const each of [receives, companions, ...notices]) each.dispose();
    },
  };
}

export interface CompanionCommandsInput {
  readonly companion: Pick<CompanionRoom, 'files'>;
  readonly connection: { readonly state: ConnectionState };
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

export type CompanionCommandId = Extract<CommandId, `opencodeSessions.companion.${string}`>;

/** The verbs on the installed companion. */
export function createCompanionCommands({
  companion,
  connection,
  dialogs,
  notify,
}: CompanionCommandsInput): Pick<CommandTable, CompanionCommandId> {
  const deps = {
    ...companion,
    directories: workspaceDirectories,
    directoryName,
    trusted: () => workspace.isTrusted,
    isHandedIn: settings.companionEnabled,
    server: connection,
    dialogs,
    notify,
  };
  return {
    'opencodeSessions.companion.install': installCompanion(deps),
    'opencodeSessions.companion.remove': removeCompanion(deps),
  };
}
