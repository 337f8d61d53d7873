import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { whenLive } from '../../commands/whenLive.ts';
import type { ExportSessionDeps } from '../../commands/transfer/exportSession.ts';
import type { ImportSessionsDeps } from '../../commands/transfer/importSessions.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { OpenHow } from '../../core/sessions/openHow.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';
import { askWhatToOpen, chosenFile } from '../../editor/asking/openFile.ts';
import { runWithProgress } from '../../editor/asking/progress.ts';
import { askWhereToSave } from '../../editor/asking/saveFile.ts';
import { exportSettings } from '../../editor/exportSettings.ts';
import { beginFile } from '../../editor/keeping/writtenFile.ts';
import type { CommandTable } from '../../editor/registerCommands.ts';
import { secretlint } from '../../editor/secretlint.ts';
import { directoryName, workspaceDirectories } from '../../editor/workspaceFolders.ts';
import type { CommandId } from '../../manifest.ts';
import { createSessionProgram, type SessionProgramPorts } from '../../server/source/sessionProgram.ts';
import { readTemplateFile } from '../../server/templateFile.ts';
import { person } from '../../editor/person.ts';

export interface TransferCommandsInput {
  readonly context: Pick<ExtensionContext, 'globalStorageUri' | 'globalState'>;
  readonly stores: {
    readonly sessions: SessionStore;
    readonly proof: Proof;
    readonly currentSession: { readonly id: string | undefined };
  };
  readonly views: { readonly sessionsView: { readonly selectedSessionIds: readonly string[] } };
  readonly connection: Pick<SessionProgramPorts, 'chooseProgram'> & {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    connect(): Promise<void>;
  };
  readonly transcripts: { open(sessionId: string, how: OpenHow): void };
  readonly looks: { refresh(): Promise<void> };
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

export type TransferCommandId = Extract<
  CommandId,
  'opencodeSessions.session.export' | 'opencodeSessions.session.import' | 'opencodeSessions.message.export'
>;

/** What takes sessions out and in. The commands themselves are loaded when the first is run. */
export function createTransferCommands(input: TransferCommandsInput): Pick<CommandTable, TransferCommandId> {
  const { stores, views, connection, transcripts, dialogs, notify, context } = input;
  const folder = context.globalStorageUri.fsPath;
  const program = createSessionProgram({
    chooseProgram: () => connection.chooseProgram(),
    isManaged: () => connection.state.kind === 'live' && connection.state.managed,
    environment: process.env,
    folder,
  });
  const shared = { openCode: connection.openCode, dialogs, notify, program, runWithProgress };
  const exporting: ExportSessionDeps = {
    ...shared,
    sessions: stores.sessions,
    proof: stores.proof,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    secrets: secretlint,
    person: person(),
    exportSettings,
    exportTemplate: async (directory) =>
      (await readTemplateFile(directory, 'export')) ?? exportSettings.template(directory),
    lastChoices: context.globalState,
    askWhereToSave,
    now: Date.now,
  };
  const importing: ImportSessionsDeps = {
    ...shared,
    beginCopy: async () => {
      await mkdir(folder, { recursive: true });
      return beginFile(join(folder, 'import.json'));
    },
    askWhatToOpen,
    chosenFile,
    directories: workspaceDirectories,
    directoryName,
    refresh: () => input.looks.refresh(),
    openTranscript: (sessionId, how) => transcripts.open(sessionId, how),
  };
  const live = whenLive(connection);
  const loadExport = () => import('../../commands/transfer/exportSession.ts');
  return {
    'opencodeSessions.session.export': live(async (...given) =>
      (await loadExport()).exportSession(exporting)(...given),
    ),
    'opencodeSessions.message.export': live(async (...given) =>
      (await loadExport()).exportFromMessage(exporting)(...given),
    ),
    'opencodeSessions.session.import': live(async (...given) => {
      const { importSessions } = await import('../../commands/transfer/importSessions.ts');
      return importSessions(importing)(...given);
    }),
  };
}
