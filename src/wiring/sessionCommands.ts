import { commands, env } from 'vscode';
import { abortSession } from '../commands/session/abortSession.ts';
import { addSelection, type InsertIntoComposer } from '../commands/session/addSelection.ts';
import { answerRequest } from '../commands/session/answerRequest.ts';
import { archiveSession } from '../commands/archive/archiveSession.ts';
import { undoDelete } from '../commands/archive/undoDelete.ts';
import { copyMessage, copyMessageLink, copyTurn } from '../commands/message/copyMessage.ts';
import { copySession } from '../commands/session/copySession.ts';
import { copySessionId } from '../commands/session/copySessionId.ts';
import { deleteSession } from '../commands/archive/deleteSession.ts';
import { clearFilter, filterSessions } from '../commands/session/filterSessions.ts';
import { focusPrompt, switchTarget } from '../commands/session/focusPrompt.ts';
import { goToNeighbour, goToNextNeeding } from '../commands/session/goToSession.ts';
import { newSession, type NewSessionDeps } from '../commands/session/newSession.ts';
import { openInTerminal } from '../commands/session/openInTerminal.ts';
import { openSession, openSessionToSide } from '../commands/session/openSession.ts';
import { promptSession, type UnsentPrompts } from '../commands/session/promptSession.ts';
import { refreshSessions } from '../commands/session/refreshSessions.ts';
import { retrySession, retryWithModel } from '../commands/session/retrySession.ts';
import { renameSession } from '../commands/session/renameSession.ts';
import { editAndResend, revertMessage } from '../commands/message/revertMessage.ts';
import { unarchiveSession } from '../commands/archive/unarchiveSession.ts';
import { unrevertSession } from '../commands/session/unrevertSession.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import { DoubleClick } from '../core/doubleClick.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { OpenHow } from '../core/sessions/openHow.ts';
import type { WaitingPrompts } from '../core/prompts/prompting.ts';
import { findSessionState } from '../core/sessions/sessionState.ts';
import { terminalName } from '../core/terminalName.ts';
import type { RevertedFile } from '../core/transcript/revertPlan.ts';
import { runWithProgress } from '../editor/asking/progress.ts';
import { setContextKey } from '../editor/contextKeys.ts';
import { readSelection } from '../editor/editorSelection.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { openSessionTerminal } from '../editor/sessionTerminal.ts';
import { startTimer } from '../editor/timer.ts';
import { directoryName, workspaceDirectories } from '../editor/workspaceFolders.ts';
import type { Deletions } from '../flows/deletions.ts';
import type { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import type { WrittenPrompts } from '../flows/prompting/writtenPrompts.ts';
import type { Picked } from '../protocol/page/toPage.ts';
import type { Session } from '../protocol/records.ts';
import type { AttachCommand } from '../server/source/attachTerminal.ts';
import type { CommandId, ContinuationCommandId, DeliveryCommandId } from '../manifest.ts';
import type { DocumentCommandId } from './documents/documents.ts';
import type { EditorCommandId } from './editorCommands.ts';
import type { PromptCommandId } from './promptCommands.ts';
import type { CompanionCommandId } from './companion.ts';
import type { ProviderCommandId } from './providerCommands.ts';
import type { AutomationCommandId } from './automations/automationCommands.ts';
import type { ChangesCommandId, CompareCommandId } from './changesCommands.ts';
import type { ServerCommandId } from './serverCommands.ts';
import type { ServiceCommandId } from './services/serviceCommands.ts';
import type { Services } from './services/services.ts';
import type { Stores } from './stores.ts';
import type { TodoCommandId } from './todos.ts';
import type { TransferCommandId } from './transfer/transferCommands.ts';
import type { Views } from './views.ts';
import { whenLive } from '../commands/whenLive.ts';

export interface SessionCommandsInput {
  readonly stores: Stores;
  readonly views: Views;
  readonly services: Pick<Services, 'followFolder'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    connect(): Promise<void>;
    attachCommand(session: Session): Promise<AttachCommand>;
  };
  readonly transcripts: {
    open(sessionId: string, how: OpenHow, messageId?: string): void;
    insert: InsertIntoComposer;
    goOn(sessionId: string, what?: Picked | 'request'): void;
    showRevert(directory: string, files: readonly RevertedFile[]): Promise<void>;
  };
  readonly typing: Pick<
    TypedPrompting,
    'drafts' | 'isFree' | 'onMayBeFree' | 'pick' | 'sendAgain' | 'sendText' | 'typed'
  >;
  readonly making: NewSessionDeps['making'];
  readonly looks: { refresh(): Promise<void> };
  readonly waiting: WaitingPrompts;
  readonly written: WrittenPrompts;
  readonly deletions: Deletions;
  readonly notify: Notify;
  readonly log: Log;
  readonly dialogs: Dialogs;
  readonly unsent: UnsentPrompts;
}

const connectProvider: CommandId = 'opencodeSessions.provider.connect';

type OtherCommandId =
  | AutomationCommandId
  | ChangesCommandId
  | CompareCommandId
  | ContinuationCommandId
  | DeliveryCommandId
  | DocumentCommandId
  | PromptCommandId
  | ProviderCommandId
  | ServerCommandId
  | ServiceCommandId
  | TodoCommandId
  | TransferCommandId
  | CompanionCommandId
  | EditorCommandId;

/** The verbs on sessions and their messages, each with the slice that it needs. */
export function createSessionCommands(input: SessionCommandsInput): Omit<CommandTable, OtherCommandId> {
  const { stores, views, connection, dialogs } = input;
  const filter = createFilter(input);
  const deps = {
    ...stores,
    ...showing(input),
    openCode: connection.openCode,
    dialogs,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    unsent: input.unsent,
    directories: workspaceDirectories,
    followFolder: input.services.followFolder,
    directoryName,
    sendText: (...sent: Parameters<TypedPrompting['sendText']>) => input.typing.sendText(...sent),
    sendAgain: (...sent: Parameters<TypedPrompting['sendAgain']>) => input.typing.sendAgain(...sent),
    isFree: (sessionId: string) => input.typing.isFree(sessionId),
    onMayBeFree: input.typing.onMayBeFree,
    typedCommand: (messageId: string) => input.typing.typed.find(messageId),
    connectProvider: async (argument: unknown) => commands.executeCommand(connectProvider, argument),
    pickedModel: (sessionId: string) => input.typing.drafts.get(sessionId).model,
    order: () => views.sessionsTree.order,
    stateOf: (sessionId: string) => findSessionState(stores, sessionId),
    isUnread: (sessionId: string) => stores.unread.has(sessionId),
    pick: (...picked: Parameters<TypedPrompting['pick']>) => input.typing.pick(...picked),
    composerDraft: (sessionId: string) => input.typing.drafts.get(sessionId),
    openTerminal: async (session: Session) =>
      openSessionTerminal({
        name: terminalName(stores.sessions.title(session)),
        ...(await connection.attachCommand(session)),
      }),
    making: input.making,
    waiting: input.waiting,
    written: input.written,
    deletions: input.deletions,
    notify: input.notify,
    readSelection,
    scheme: env.uriScheme,
    doubleClick: new DoubleClick(Date.now),
    timer: startTimer,
    now: Date.now,
    copy: async (text: string) => env.clipboard.writeText(text),
    runWithProgress,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.new': live(newSession(deps)),
    'opencodeSessions.session.open': live(openSession(deps)),
    'opencodeSessions.session.openToSide': live(openSessionToSide(deps)),
    'opencodeSessions.session.openInTerminal': live(openInTerminal(deps)),
    'opencodeSessions.session.prompt': live(promptSession(deps)),
    'opencodeSessions.composer.focus': live(focusPrompt(deps)),
    'opencodeSessions.session.switchAgent': live(switchTarget(deps, 'agent')),
    'opencodeSessions.session.switchModel': live(switchTarget(deps, 'model')),
    'opencodeSessions.session.switchVariant': live(switchTarget(deps, 'variant')),
    'opencodeSessions.session.next': live(goToNeighbour(deps, 1)),
    'opencodeSessions.session.previous': live(goToNeighbour(deps, -1)),
    'opencodeSessions.session.nextNeedingYou': live(goToNextNeeding(deps)),
    'opencodeSessions.session.addSelection': live(addSelection(deps)),
    'opencodeSessions.session.answer': live(answerRequest(deps)),
    'opencodeSessions.session.abort': live(abortSession(deps)),
    'opencodeSessions.session.retry': live(retrySession(deps)),
    'opencodeSessions.session.retryWithModel': live(retryWithModel(deps)),
    'opencodeSessions.session.rename': live(renameSession(deps)),
    'opencodeSessions.session.archive': live(archiveSession(deps)),
    'opencodeSessions.session.unarchive': live(unarchiveSession(deps)),
    'opencodeSessions.session.delete': live(deleteSession(deps)),
    'opencodeSessions.session.undoDelete': live(undoDelete(deps)),
    'opencodeSessions.session.copyId': live(copySessionId(deps)),
    'opencodeSessions.session.copyMarkdown': live(copySession(deps)),
    'opencodeSessions.session.unrevert': live(unrevertSession(deps)),
    'opencodeSessions.message.revert': live(revertMessage(deps)),
    'opencodeSessions.message.editAndResend': live(editAndResend(deps)),
    'opencodeSessions.message.copy': live(copyMessage(deps)),
    'opencodeSessions.message.copyTurn': live(copyTurn(deps)),
    'opencodeSessions.message.copyLink': live(copyMessageLink(deps)),
    'opencodeSessions.sessions.filter': live(filterSessions({ filter, dialogs })),
    'opencodeSessions.sessions.clearFilter': clearFilter({ filter }),
    'opencodeSessions.sessions.refresh': refreshSessions({ server: connection, looks: input.looks }),
  };
}

/** What the tree is filtered by; while it is by something, the view offers to clear that. */
function createFilter({ views, log }: Pick<SessionCommandsInput, 'views' | 'log'>) {
  return {
    get text() {
      return views.sessionsView.filterText;
    },
    set: (text: string) => {
      views.sessionsView.filter(text);
      setContextKey('opencodeSessions.filtered', text !== '').catch((error: unknown) =>
        log.warn('A context key was not set.', error),
      );
    },
  };
}

/** Where sessions are shown, as commands know it. */
function showing({ transcripts, stores }: SessionCommandsInput) {
  return {
    isVisible: (sessionId: string) => stores.visible.has(sessionId),
    openTranscript: (sessionId: string, how: OpenHow, messageId?: string) =>
      transcripts.open(sessionId, how, messageId),
    focusPrompt: (sessionId: string) => transcripts.goOn(sessionId),
    attend: (sessionId: string) => transcripts.goOn(sessionId, 'request'),
    openPicker: (sessionId: string, what: Picked) => transcripts.goOn(sessionId, what),
    insertIntoComposer: (...given: Parameters<InsertIntoComposer>) => transcripts.insert(...given),
    showRevert: async (directory: string, files: readonly RevertedFile[]) =>
      transcripts.showRevert(directory, files),
  };
}
