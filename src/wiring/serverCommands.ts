import { version as editorVersion, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { connectServer } from '../commands/server/connectServer.ts';
import { reconnectServer } from '../commands/server/reconnectServer.ts';
import { reportProblem } from '../commands/server/reportProblem.ts';
import { restartServer } from '../commands/server/restartServer.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ServerUse } from '../core/serverUse.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { ServerSecrets } from '../editor/keeping/serverSecrets.ts';
import { readLogEnd } from '../editor/logFile.ts';
import { secretlint } from '../editor/secretlint.ts';
import { settings } from '../editor/settings.ts';
import { withoutUndefined } from '../core/withoutUndefined.ts';
import type { CommandId } from '../manifest.ts';
import { parseUrl } from '../server/source/attachedServer.ts';
import { attachedAddress } from '../server/source/chooseSource.ts';
import { person } from '../editor/person.ts';
import type { Stores } from './stores.ts';

export interface ServerCommandsInput {
  readonly stores: Pick<Stores, 'sessions'>;
  readonly connection: {
    readonly state: ConnectionState;
    readonly openCode: Pick<OpenCode, 'abilities'>;
    connect(): Promise<void>;
    use(): Promise<ServerUse | undefined>;
    restart(): Promise<void>;
  };
  readonly secrets: ServerSecrets;
  readonly dialogs: Dialogs;
  readonly install: () => void;
  readonly context: Pick<ExtensionContext, 'extension' | 'logUri'>;
  readonly openText: (name: string, text: string) => Promise<void>;
  readonly notify: Notify;
  readonly log: LogOutputChannel;
}

export type ServerCommandId = Extract<CommandId, `opencodeSessions.${'server' | 'log'}.${string}`>;

/** The verbs on the server and on the log, each with the slice that it needs. */
export function createServerCommands({
  stores,
  connection,
  secrets,
  dialogs,
  install,
  context,
  openText,
  notify,
  log,
}: ServerCommandsInput): Pick<CommandTable, ServerCommandId> {
  return {
    'opencodeSessions.server.connect': connectServer({
      server: connection,
      nameServer: parseUrl,
      settings: {
        url: () =>
          attachedAddress(withoutUndefined({ mode: settings.serverMode(), url: settings.serverUrl() })),
        setUrl: settings.setServerUrl,
      },
      secrets,
      dialogs,
    }),
    'opencodeSessions.server.reconnect': reconnectServer({ server: connection }),
    'opencodeSessions.server.restart': restartServer({ ...stores, server: connection, dialogs }),
    'opencodeSessions.server.install': async () => install(),
    'opencodeSessions.log.show': async () => log.show(),
    'opencodeSessions.log.report': reportProblem({
      server: connection,
      versions: versionsHere(context),
      mode: settings.serverMode,
      readLog: () => readLogEnd(context.logUri.fsPath),
      redact: async (text) => {
        const { Redactor } = await import('../core/redaction/redactor.ts');
        return new Redactor(secretlint, person()).redactText(text);
      },
      openText,
      notify,
    }),
  };
}

function versionsHere({ extension }: Pick<ExtensionContext, 'extension'>): Readonly<Record<string, string>> {
  const { version } = extension.packageJSON as { readonly version: string };
  return {
    'OpenCode Sessions': version,
    Editor: editorVersion,
    System: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
  };
}
