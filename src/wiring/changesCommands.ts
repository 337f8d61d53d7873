import { discardChange, undoDiscard } from '../commands/changes/discardChange.ts';
import { pickChange } from '../commands/changes/pickChange.ts';
import { showChanges } from '../commands/changes/showChanges.ts';
import { Discards } from '../core/changes/discards.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { createWorkingFiles } from '../editor/keeping/workingFiles.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { isUnsaved } from '../editor/unsavedFiles.ts';
import type { CommandId } from '../manifest.ts';
import { createChangesEditor } from '../views/changes/changesEditor.ts';
import type { VirtualDocuments } from '../views/transcript/virtualDocuments.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';
import { whenLive } from '../commands/whenLive.ts';

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
