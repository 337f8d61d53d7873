import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { DocumentTexts } from '../editor/documents/documentSystem.ts';
import type { DraftFiles } from '../editor/drafts/draftFiles.ts';
import type { EarlyViews } from '../editor/earlyViews.ts';
import { createDialogs } from '../editor/asking/dialogs.ts';
import { InstallTerminal } from '../editor/installTerminal.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { createPickSession } from '../editor/asking/sessionPick.ts';
import { createUnsentPrompts } from '../editor/keeping/unsentPrompts.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { createCompareEditor } from '../views/compare/compareEditor.ts';
import { ComparisonDocuments } from '../views/compare/comparisonDocuments.ts';
import { readAttachment } from '../views/transcript/attachmentFiles.ts';
import { ProviderReload } from '../flows/providerReload.ts';
import { WaitingList } from '../flows/prompting/waitingList.ts';
import { createAutomations } from './automations/automations.ts';
import { createCommands } from './commands.ts';
import { createCompanion } from './companion.ts';
import { createContinuation } from './continuation.ts';
import { createDeletions } from './deletions.ts';
import { createDeliveries } from './deliveries/deliveries.ts';
import { createDocuments } from './documents/documents.ts';
import { createGround } from './ground.ts';
import { followTheWindow } from './followTheWindow.ts';
import { createPrompting } from './prompting.ts';
import { createLooks } from './looks.ts';
import { answerTerminalWishes, createNotices } from './notices.ts';
import { createServices } from './services/services.ts';
import { createFirstPrompts, createOriginSearch } from './sessionSearches.ts';
import { createTodos } from './todos.ts';
import { createTranscripts, createTypedVerbs } from './transcripts.ts';
import { createViews } from './views.ts';

export interface HouseInput {
  readonly context: ExtensionContext;
  readonly draftFiles: DraftFiles;
  /** The views, which wait for their rows. */
  readonly earlyViews: EarlyViews;
  /** Shows a person what went wrong. */
  readonly report: (problem: unknown) => void;
  readonly log: LogOutputChannel;
}

export interface House extends Disposable {
  readonly commands: CommandTable;
  /** What stands behind the path of a file that a session holds; it waits for the server. */
  readonly readAttachment: (path: string) => Promise<Uint8Array>;
  /** The sessions that are shown as documents. */
  readonly documents: DocumentTexts;
}

/**
 * Introduces the rooms to each other and connects to the server: the connection, the stores that are told of it, what
 * sends, what is shown, what may be asked for. Each is made after all that it knows. Who creates disposes: all that is
 * made here ends with the house.
 */
export function createHouse({ context, draftFiles, earlyViews, report, log }: HouseInput): House {
  const owned: Disposable[] = [];
  const own = <Owned extends Disposable>(made: Owned): Owned => {
    owned.push(made);
    return made;
  };
  const { secrets, storage, hold, ledger, elsewhere, told, base } = createGround(
    { context, report, log },
    own,
  );
  const { stores, connection, notify } = base;
  const { openCode } = connection;
  const services = own(createServices({ ...base, elsewhere }));
  createNotices({ ...base, told, hold }).forEach(own);
  const companion = own(createCompanion({ ...base, told }));
  own(createOriginSearch({ context, stores, openCode, log }));
  const firstPrompts = own(createFirstPrompts({ stores, openCode, log }));
  const unsent = createUnsentPrompts(context.workspaceState);
  const prompting = own(createPrompting({ ...base, told, hold, ledger, draftFiles }));
  const continuation = own(createContinuation({ ...base, draftFiles, prompting, services, unsent }));
  const waiting = own(new WaitingList(prompting.underWay, prompting.typing.queue, continuation.pending));
  const todos = own(createTodos({ stores, prompting, continuation, companion }));
  const views = own(
    createViews({ ...base, earlyViews, companion, continuation, firstPrompts, services, todos }),
  );
  const deliveries = own(
    createDeliveries({ ...base, earlyViews, hold, store: ledger, prompting, continuation }),
  );
  const automations = own(
    createAutomations({ ...base, told, hold, earlyViews, prompting, continuation, waiting, storage }),
  );
  const dialogs = createDialogs(createPickSession(views.facts), notify);
  const verbs = createTypedVerbs({ stores, connection, typing: prompting.typing, dialogs });
  const transcripts = own(
    createTranscripts({ ...base, typing: prompting.typing, verbs, lent: prompting.lent, waiting }),
  );
  own(transcripts.onDidLookAt((sessionId) => stores.unread.markRead(sessionId)));
  answerTerminalWishes({ stores, typing: prompting.flow.typing, transcripts, told, notify, log });
  const { deletions } = own(createDeletions({ ...base, prompting, waiting }));
  const { documents } = own(createDocuments({ ...base, told }));
  const comparisons = own(new ComparisonDocuments({ hasArchive: () => openCode.abilities.archive }));
  const looks = own(createLooks({ stores, views, transcripts, connection, log }));
  const providerReload = own(
    new ProviderReload({
      ...prompting.flow,
      sessions: stores.sessions,
      onDidChangeWorking: stores.working.onDidChange,
    }),
  );
  const connect = connectHere(connection, log);
  const install = own(new InstallTerminal(connection.installCommand, connect));
  const commands = createCommands({
    ...base,
    views,
    todos,
    services,
    automations,
    companion,
    secrets,
    providerReload,
    prompting,
    verbs,
    continuation,
    transcripts,
    compareEditor: createCompareEditor(transcripts.documents, comparisons),
    waiting,
    looks,
    deletions,
    deliveries,
    hold,
    documents,
    dialogs,
    unsent,
    install,
  });
  own(followTheWindow({ stores, views, connection, connect, report }));
  connect();
  return {
    commands,
    readAttachment: async (path) => {
      await connection.connect();
      return readAttachment(openCode, path);
    },
    documents,
    dispose: () => {
      for (const each of owned) each.dispose();
    },
  };
}

/** Connects, unless the window has no folder: there is nothing to show then, so nothing is started. */
function connectHere(connection: { connect(): Promise<void> }, log: Log): () => void {
  return () => {
    if (workspaceDirectories().length === 0) return;
    connection.connect().catch((error: unknown) => log.warn('No connection.', error));
  };
}
