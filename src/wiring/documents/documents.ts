import { Disposable } from 'vscode';
import { compareSessions, type ComparedSession } from '../../commands/session/compareSessions.ts';
import { openAsDocument } from '../../commands/session/openAsDocument.ts';
import { whenLive } from '../../commands/whenLive.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Log } from '../../core/log.ts';
import type { DocumentName } from '../../core/documents/documentAddress.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { ServerSinks } from '../../core/ports/serverSinks.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import type { ElsewhereSessions } from '../../core/sessions/elsewhereSessions.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { registerDocumentLinks } from '../../editor/documents/documentLinks.ts';
import { sessionDocumentUri } from '../../editor/documents/documentUri.ts';
import { followDocuments, showDocument } from '../../editor/documents/openDocuments.ts';
import { showComparison } from '../../editor/documents/showComparison.ts';
import type { CommandTable } from '../../editor/registerCommands.ts';
import { startTimer, wait } from '../../editor/timer.ts';
import { SessionDocuments } from '../../flows/documents/sessionDocuments.ts';
import type { LiveDocumentPorts } from '../../flows/documents/liveDocument.ts';
import type { CommandId } from '../../manifest.ts';

export interface DocumentsInput {
  readonly stores: Pick<LiveDocumentPorts, 'transcripts'> & {
    readonly sessions: Sessions;
    readonly elsewhere: Pick<ElsewhereSessions, 'follow'>;
    readonly currentSession: Pick<CurrentSession, 'id'>;
    readonly proof: Proof;
  };
  readonly connection: LiveDocumentPorts['connection'] & Pick<LiveDocumentPorts, 'openCode'>;
  readonly told: ServerSinks;
  readonly log: Log;
}

/** The sessions that are open as documents, kept as the server tells them. */
export function createDocuments({ stores, connection, told, log }: DocumentsInput) {
  const documents = new SessionDocuments({
    ...stores,
    openCode: connection.openCode,
    connection,
    follow: (session) => stores.elsewhere.follow(session),
    startTimer,
    wait,
    now: Date.now,
    log,
  });
  // After the stores, of which it asks what became of a message.
  told.add([documents]);
  const following = Disposable.from(
    followDocuments(documents),
    registerDocumentLinks((address) => documents.directoryOf(address)),
  );
  return {
    documents,
    dispose: () => {
      following.dispose();
      documents.dispose();
    },
  };
}

export interface DocumentCommandsInput {
  readonly stores: DocumentsInput['stores'];
  readonly views: { readonly sessionsView: { readonly selectedSessionIds: readonly string[] } };
  readonly connection: DocumentsInput['connection'];
  readonly documents: SessionDocuments;
  readonly dialogs: Dialogs;
}

export type DocumentCommandId = Extract<
  CommandId,
  `opencodeSessions.session.${'openAsDocument' | 'compareWith'}`
>;

/** The verbs that show sessions as documents. */
export function createDocumentCommands({
  stores,
  views,
  connection,
  documents,
  dialogs,
}: DocumentCommandsInput): Pick<CommandTable, DocumentCommandId> {
  const deps = {
    ...stores,
    openCode: connection.openCode,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    dialogs,
    now: Date.now,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.openAsDocument': live(
      openAsDocument({
        ...deps,
        openDocument: async ({ id, directory }, title) =>
          showDocument(documents, sessionDocumentUri({ sessionId: id, directory, title })),
      }),
    ),
    'opencodeSessions.session.compareWith': live(
      compareSessions({
        ...deps,
        showComparison: async (left, right) => showComparison(toName(left), toName(right)),
      }),
    ),
  };
}

function toName({ session, title, after }: ComparedSession): DocumentName {
  return {
    sessionId: session.id,
    directory: session.directory,
    title,
    ...(after === undefined ? {} : { after }),
  };
}
