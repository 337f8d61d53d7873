import { env } from 'vscode';
import { abortSession } from '../commands/session/abortSession.ts';
import { addSelection, type InsertIntoComposer } from '../commands/session/addSelection.ts';
import { answerRequest } from '../commands/session/answerRequest.ts';
import { archiveSession } from '../commands/session/archiveSession.ts';
import { copyMessage, copyMessageLink } from '../commands/message/copyMessage.ts';
import { copySessionId } from '../commands/session/copySessionId.ts';
import { deleteSession } from '../commands/session/deleteSession.ts';
import { clearFilter, filterSessions } from '../commands/session/filterSessions.ts';
import { newSession, type NewSessionDeps } from '../commands/session/newSession.ts';
import { openInTerminal } from '../commands/session/openInTerminal.ts';
import { openSession, openSessionToSide } from '../commands/session/openSession.ts';
import { promptSession, type UnsentPrompts } from '../commands/session/promptSession.ts';
import { refreshSessions } from '../commands/session/refreshSessions.ts';
import { renameSession } from '../commands/session/renameSession.ts';
import { editAndResend, revertMessage } from '../commands/message/revertMessage.ts';
import { unarchiveSession } from '../commands/session/unarchiveSession.ts';
import { unrevertSession } from '../commands/session/unrevertSession.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import { DoubleClick } from '../core/doubleClick.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { OpenHow } from '../core/sessions/openHow.ts';
import { terminalName } from '../core/terminalName.ts';
import type { RevertedFile } from '../core/transcript/revertPlan.ts';
import { setContextKey } from '../editor/contextKeys.ts';
import { readSelection } from '../editor/editorSelection.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { openSessionTerminal } from '../editor/sessionTerminal.ts';
import { startTimer } from '../editor/timer.ts';
import { directoryName, workspaceDirectories } from '../editor/workspaceFolders.ts';
import type { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import type { Session } from '../protocol/records.ts';
import type { AttachCommand } from '../server/source/attachTerminal.ts';
import type { ContinuationCommandId } from '../manifest.ts';
import type { ChangesCommandId } from './changesCommands.ts';
import type { ServerCommandId } from './serverCommands.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';
import { whenLive } from './whenLive.ts';

export interface SessionCommandsInput {
  readonly stores: Stores;
  readonly views: Views;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    connect(): Promise<void>;
    attachCommand(session: Session): Promise<AttachCommand>;
  };
  readonly transcripts: {
    open(sessionId: string, how: OpenHow, messageId?: string): void;
    insert: InsertIntoComposer;
    showRevert(directory: string, files: readonly RevertedFile[]): Promise<void>;
  };
  readonly typing: Pick<TypedPrompting, 'drafts' | 'sendText'>;
  readonly making: NewSessionDeps['making'];
  readonly looks: { refresh(): Promise<void> };
  readonly dialogs: Dialogs;
  readonly unsent: UnsentPrompts;
}

/** The verbs on sessions and their messages, each with the slice that it needs. */
export function createSessionCommands(
  input: SessionCommandsInput,
): Omit<CommandTable, ChangesCommandId | ContinuationCommandId | ServerCommandId> {
  const { stores, views, connection, transcripts, dialogs } = input;
  const filter = {
    get text() {
      return views.sessionsView.filterText;
    },
    set: async (text: string) => {
      views.sessionsView.filter(text);
      await setContextKey('opencodeSessions.filtered', text !== '');
    },
  };
  const deps = {
    ...stores,
    openCode: connection.openCode,
    dialogs,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    unsent: input.unsent,
    directories: workspaceDirectories,
    directoryName,
    openTranscript: (sessionId: string, how: OpenHow, messageId?: string) =>
      transcripts.open(sessionId, how, messageId),
    sendText: (...sent: Parameters<TypedPrompting['sendText']>) => input.typing.sendText(...sent),
    pickedModel: (sessionId: string) => input.typing.drafts.get(sessionId).model,
    insertIntoComposer: (...given: Parameters<InsertIntoComposer>) => transcripts.insert(...given),
    openTerminal: async (session: Session) =>
      openSessionTerminal({
        name: terminalName(session.title),
        ...(await connection.attachCommand(session)),
      }),
    making: input.making,
    readSelection,
    showRevert: async (directory: string, files: readonly RevertedFile[]) =>
      transcripts.showRevert(directory, files),
    scheme: env.uriScheme,
    doubleClick: new DoubleClick(Date.now),
    timer: startTimer,
    now: Date.now,
    copy: async (text: string) => env.clipboard.writeText(text),
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.new': live(newSession(deps)),
    'opencodeSessions.session.open': live(openSession(deps)),
    'opencodeSessions.session.openToSide': live(openSessionToSide(deps)),
    'opencodeSessions.session.openInTerminal': live(openInTerminal(deps)),
    'opencodeSessions.session.prompt': live(promptSession(deps)),
    'opencodeSessions.session.addSelection': live(addSelection(deps)),
    'opencodeSessions.session.answer': live(answerRequest(deps)),
    'opencodeSessions.session.abort': live(abortSession(deps)),
    'opencodeSessions.session.rename': live(renameSession(deps)),
    'opencodeSessions.session.archive': live(archiveSession(deps)),
    'opencodeSessions.session.unarchive': live(unarchiveSession(deps)),
    'opencodeSessions.session.delete': live(deleteSession(deps)),
    'opencodeSessions.session.copyId': live(copySessionId(deps)),
    'opencodeSessions.session.unrevert': live(unrevertSession(deps)),
    'opencodeSessions.message.revert': live(revertMessage(deps)),
    'opencodeSessions.message.editAndResend': live(editAndResend(deps)),
    'opencodeSessions.message.copy': live(copyMessage(deps)),
    'opencodeSessions.message.copyLink': live(copyMessageLink(deps)),
    'opencodeSessions.sessions.filter': live(filterSessions({ filter, dialogs })),
    'opencodeSessions.sessions.clearFilter': clearFilter({ filter }),
    'opencodeSessions.sessions.refresh': refreshSessions({ server: connection, looks: input.looks }),
  };
}
