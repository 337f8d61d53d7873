import { discardChange, undoDiscard } from '../commands/changes/discardChange.ts';
import { pickChange } from '../commands/changes/pickChange.ts';
import { showChanges } from '../commands/changes/showChanges.ts';
import { compareApproaches } from '../commands/compare/compareApproaches.ts';
import { compareAnswers, compareFiles } from '../commands/compare/compareTwo.ts';
import { keepApproach } from '../commands/compare/keepApproach.ts';
import { whenLive } from '../commands/whenLive.ts';
import { Discards } from '../core/changes/discards.ts';
import type { CompareEditor } from '../core/compare/compareEditor.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { WaitingPrompts } from '../core/prompts/prompting.ts';
import { findSessionState } from '../core/sessions/sessionState.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { runWithProgress } from '../editor/asking/progress.ts';
import { createWorkingFiles } from '../editor/keeping/workingFiles.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { isUnsaved } from '../editor/unsavedFiles.ts';
import type { CommandId } from '../manifest.ts';
import { createChangesEditor } from '../views/changes/changesEditor.ts';
import type { VirtualDocuments } from '../views/transcript/virtualDocuments.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface ChangesCommandsInput {
  readonly stores: Stores;
  readonly views: Pick<Views, 'sessionsView'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    connect(): Promise<void>;
  };
  readonly transcripts: { readonly documents: VirtualDocuments };
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

export type ChangesCommandId = Extract<
  CommandId,
  `opencodeSessions.${'changes' | 'session.changes'}${string}`
>;

/** The verbs on what sessions changed in the files. */
export function createChangesCommands({
  stores,
  views,
  connection,
  transcripts,
  dialogs,
  notify,
}: ChangesCommandsInput): Pick<CommandTable, ChangesCommandId> {
  const { openCode } = connection;
  const deps = {
    ...stores,
    openCode: {
      ...stores.seenOpenCode,
      getSession: (...asked: Parameters<OpenCode['getSession']>) => openCode.getSession(...asked),
      diffMessage: (...asked: Parameters<OpenCode['diffMessage']>) => openCode.diffMessage(...asked),
    },
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    changesEditor: createChangesEditor(transcripts.documents),
    files: createWorkingFiles({ isUnsaved }),
    discards: new Discards(),
    dialogs,
    notify,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.changes': live(showChanges(deps)),
    'opencodeSessions.session.changes.pick': live(pickChange(deps)),
    'opencodeSessions.changes.discard': live(discardChange(deps)),
    'opencodeSessions.changes.undoDiscard': undoDiscard(deps),
  };
}

export interface CompareCommandsInput {
  readonly stores: Stores;
  readonly views: Pick<Views, 'sessionsView'>;
  readonly connection: ChangesCommandsInput['connection'];
  readonly prompting: Pick<PromptingRoom, 'written'> & {
    readonly flow: Pick<PromptingRoom['flow'], 'deliveries'>;
  };
  readonly waiting: WaitingPrompts;
  readonly compareEditor: CompareEditor;
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

export type CompareCommandId = Extract<CommandId, `opencodeSessions.approaches.${string}`>;

/** The verbs on approaches, and on other sessions that came from one: how they compare, and which one is kept. */
export function createCompareCommands({
  stores,
  views,
  connection,
  prompting,
  waiting,
  compareEditor,
  dialogs,
  notify,
}: CompareCommandsInput): Pick<CommandTable, CompareCommandId> {
  const deps = {
    ...stores,
    openCode: connection.openCode,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    stateOf: (sessionId: string) => findSessionState(stores, sessionId),
    deliveries: prompting.flow.deliveries,
    written: prompting.written,
    waiting,
    compareEditor,
    dialogs,
    notify,
    runWithProgress,
    now: Date.now,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.approaches.compare': live(compareApproaches(deps)),
    'opencodeSessions.approaches.compareAnswers': live(compareAnswers(deps)),
    'opencodeSessions.approaches.compareFiles': live(compareFiles(deps)),
    'opencodeSessions.approaches.keep': live(keepApproach(deps)),
  };
}
