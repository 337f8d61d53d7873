import { l10n as editorL10n, workspace, type ExtensionContext } from 'vscode';
import type { OpenHow } from './commands/openSession.ts';
import type { Disposable } from './core/event.ts';
import { l10n } from './core/l10n.ts';
import { InstallTerminal } from './editor/installTerminal.ts';
import { createLogChannel } from './editor/logChannel.ts';
import { registerCommands } from './editor/registerCommands.ts';
import { ServerSecrets } from './editor/serverSecrets.ts';
import { createShowProblem } from './editor/showProblem.ts';
import { registerUriHandler } from './editor/uriHandler.ts';
import type { TranscriptPanels } from './views/transcript/transcriptPanels.ts';
import { createCommandTable } from './wiring/commandTable.ts';
import { createConnection } from './wiring/connection.ts';
import { createContinuation } from './wiring/continuation.ts';
import { keepContextKeys } from './wiring/contextKeys.ts';
import { followTheWindow } from './wiring/followTheWindow.ts';
import { createStores, type Stores } from './wiring/stores.ts';
import { createTranscripts } from './wiring/transcripts.ts';
import { createViews } from './wiring/views.ts';

/** Introduces the rooms to each other. Who creates disposes: all that is made here ends with the extension. */
export function activate(context: ExtensionContext): void {
  const own = <Owned extends Disposable>(owned: Owned): Owned => {
    context.subscriptions.push(owned);
    return owned;
  };
  l10n.use(editorL10n.t);
  const log = own(createLogChannel());
  const secrets = new ServerSecrets(context.secrets, log);
  const stores: Stores = own(createStores(context, () => connection.openCode));
  const connection = own(createConnection({ context, sinks: stores.sinks, secrets, log }));
  const connect = (): void => {
    connection.connect().catch((error: unknown) => log.warn('No connection.', error));
  };
  own(keepContextKeys({ stores, connection, log }));
  const views = own(createViews({ stores, connection, log }));
  const install = own(new InstallTerminal(connect));
  const report = createShowProblem(log);
  const openTranscript = (sessionId: string, how: OpenHow): void => transcripts.open(sessionId, how);
  const queue = () => transcripts.queue;
  const continuation = own(
    createContinuation({ context, stores, views, connection, openTranscript, queue, log }),
  );
  const { pending, relays } = continuation;
  const transcripts: TranscriptPanels = own(
    createTranscripts({ context, stores, connection, pending, report, log }),
  );
  own(transcripts.queue.onDidChange(({ sessionId }) => relays.look(sessionId)));
  const table = createCommandTable({
    stores,
    views,
    connection,
    secrets,
    transcripts,
    install: () => install.install(),
    workspaceState: context.workspaceState,
    log,
  });
  own(registerCommands({ ...table, ...continuation.commands }, report));
  own(followTheWindow({ stores, views, connection, report }));
  own(registerUriHandler(async (target) => table['opencodeSessions.session.open'](target), report));
  own(workspace.onDidGrantWorkspaceTrust(connect));
  connect();
}
