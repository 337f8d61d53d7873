import { Disposable, type ExtensionContext } from 'vscode';
import { cancelRelay } from '../commands/cancelRelay.ts';
import { compactSession } from '../commands/compactSession.ts';
import { discardDraft } from '../commands/discardDraft.ts';
import { editRelay } from '../commands/editRelay.ts';
import { forkMany } from '../commands/forkMany.ts';
import { forkSession } from '../commands/forkSession.ts';
import { forkWithPrompt } from '../commands/forkWithPrompt.ts';
import { forkAtMessage, handOffFromMessage, relayFromMessage } from '../commands/fromMessage.ts';
import { handOffSession } from '../commands/handOffSession.ts';
import { moveRelay } from '../commands/moveRelay.ts';
import { openDraft } from '../commands/openDraft.ts';
import type { OpenHow } from '../commands/openSession.ts';
import { relaySession } from '../commands/relaySession.ts';
import { releaseRelays } from '../commands/releaseRelays.ts';
import { runCommandInNew } from '../commands/runCommandInNew.ts';
import { sendCompact } from '../commands/sendCompact.ts';
import { sendDraft } from '../commands/sendDraft.ts';
import { sendApproaches, sendFork } from '../commands/sendFork.ts';
import { sendHandOff } from '../commands/sendHandOff.ts';
import { sendChain, sendRelayDraft } from '../commands/sendRelayDraft.ts';
import { stopRelays } from '../commands/stopRelays.ts';
import { summarizeDraft } from '../commands/summarizeDraft.ts';
import { tellSession } from '../commands/tellSession.ts';
import { undoHandOff } from '../commands/undoHandOff.ts';
import type { ConnectionState } from '../core/connectionState.ts';
import type { DraftOffer } from '../core/drafts.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { CompactionTraces } from '../core/turns/compactionTrace.ts';
import { makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/openCode.ts';
import { type PendingPrompts, RelayPrompts } from '../core/turns/pendingPrompts.ts';
import { titleOf } from '../core/sessions/sessionRow.ts';
import { createCompactionTraces } from '../editor/compactionTraces.ts';
import { continuationSettings } from '../editor/continuationSettings.ts';
import { createDialogs } from '../editor/dialogs.ts';
import type { DraftFiles } from '../editor/drafts/draftFiles.ts';
import { registerDrafts } from '../editor/drafts/registerDrafts.ts';
import { createNotify } from '../editor/notice.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { createPickSession } from '../editor/sessionPick.ts';
import { createUnsentPrompts } from '../editor/unsentPrompts.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { clearUpCompactions } from '../flows/compactAndContinue.ts';
import { deleteForgotten } from '../flows/extractHandoff.ts';
import { Relays } from '../flows/relay.ts';
import { ContinuationSuggestions } from '../flows/suggestContinuation.ts';
import type { ContinuationCommandId } from '../manifest.ts';
import { createContinuationPorts } from './continuationPorts.ts';
import { describeRelayNotice } from './relayNotices.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';
import { whenLive } from './whenLive.ts';

export interface ContinuationInput {
  readonly context: Pick<ExtensionContext, 'storageUri' | 'globalStorageUri' | 'workspaceState'>;
  readonly stores: Stores;
  readonly views: Pick<Views, 'facts' | 'sessionsView'>;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
    connect(): Promise<void>;
  };
  readonly draftFiles: DraftFiles;
  readonly openTranscript: (sessionId: string, how: OpenHow) => void;
  readonly prompting: Pick<PromptingRoom, 'typing' | 'flow'>;
  readonly log: Log;
}

export interface Continuation extends Disposable {
  readonly commands: Pick<CommandTable, ContinuationCommandId>;
  readonly pending: PendingPrompts;
}

/** The continuation prompts: their drafts, the pending relays and the verbs. */
export function createContinuation(input: ContinuationInput): Continuation {
  const { context, stores, connection, log } = input;
  const { openCode } = connection;
  const owned: { dispose(): unknown }[] = [];
  const own = <Owned extends { dispose(): unknown }>(made: Owned): Owned => {
    owned.push(made);
    return made;
  };
  const notify = createNotify(log);
  const relays = own(createRelays(input));
  own(input.prompting.typing.queue.onDidChange(({ sessionId }) => relays.look(sessionId)));
  const pending = own(
    new RelayPrompts({
      sessions: stores.sessions,
      proof: stores.proof,
      why: (sessionId) => relays.why(sessionId),
      onDidChangeWhy: relays.onDidChangeWhy,
      edit: (...edited) => relays.edit(...edited),
      cancel: (...cancelled) => relays.cancel(...cancelled),
    }),
  );
  own(
    relays.onDidNotice((notice) => {
      const described = describeRelayNotice(notice, stores.sessions);
      if (described !== undefined) notify(described);
    }),
  );
  own(
    new ContinuationSuggestions({
      ...stores,
      openCode,
      threshold: continuationSettings.suggestAt,
      notify,
      log,
    }),
  );
  const traces = createCompactionTraces(context.workspaceState);
  own(input.prompting.flow.onDidGoLive(() => void clearUp(input, traces)));
  const offer = (directory: string): Promise<DraftOffer> => stores.directoryFacts.load(directory);
  const drafts = registerDrafts(
    {
      context,
      files: input.draftFiles,
      offers: { load: offer, onDidChange: connection.onDidChangeState },
      findFiles: (directory, query) => openCode.findFiles(directory, query),
      log,
    },
    own,
  );
  const ports = createContinuationPorts({ context, stores, flow: input.prompting.flow, traces, notify, log });
  const commands = createCommands(input, { ...ports, drafts, relays, offer });
  return { commands, pending, dispose: () => Disposable.from(...owned.toReversed()).dispose() };
}

function createRelays({ stores, prompting }: ContinuationInput): Relays {
  return new Relays({
    ...prompting.flow,
    sessions: stores.sessions,
    isOurs: (directory) => [...workspaceDirectories(), ...stores.elsewhere.followed].includes(directory),
    window: makeMessageId(prompting.flow.ids),
    isPreceded: (sessionId) => prompting.typing.queue.has(sessionId),
    hopLimit: continuationSettings.hopLimit,
  });
}

/** Clears up what a server or a window that ended in the middle of something left in the sessions. */
async function clearUp(
  { stores, prompting, log }: ContinuationInput,
  traces: CompactionTraces,
): Promise<void> {
  try {
    await clearUpCompactions({ ...prompting.flow, traces });
    await deleteForgotten(prompting.flow, stores.sessions.all());
  } catch (error) {
    log.warn('What was left behind was not cleared up.', error);
  }
}

function createCommands(
  { context, stores, views, connection, openTranscript }: ContinuationInput,
  made: ReturnType<typeof createContinuationPorts> & {
    readonly drafts: ReturnType<typeof registerDrafts>;
    readonly relays: Relays;
    readonly offer: (directory: string) => Promise<DraftOffer>;
  },
): Pick<CommandTable, ContinuationCommandId> {
  const { sessions } = stores;
  const base = {
    ...stores,
    ...made,
    openCode: connection.openCode,
    dialogs: createDialogs(createPickSession(views.facts), made.notify),
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    unsent: createUnsentPrompts(context.workspaceState),
    openTranscript,
    now: Date.now,
    sessionsWithRelays: () =>
      sessions.all().flatMap(({ id }) => (made.relays.pending(id).length > 0 ? id : [])),
    titleOf: (sessionId: string) => {
      const session = sessions.get(sessionId);
      return session === undefined ? sessionId : titleOf(session);
    },
  };
  const deps = { ...base, summarizeDraft: summarizeDraft(base) };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.relay': live(relaySession(deps)),
    'opencodeSessions.session.handOff': live(handOffSession(deps)),
    'opencodeSessions.session.undoHandOff': live(undoHandOff(deps)),
    'opencodeSessions.session.runCommandInNew': live(runCommandInNew(deps)),
    'opencodeSessions.session.fork': live(forkSession(deps)),
    'opencodeSessions.session.forkMany': live(forkMany(deps)),
    'opencodeSessions.session.forkWithPrompt': live(forkWithPrompt(deps)),
    'opencodeSessions.session.compact': live(compactSession(deps)),
    'opencodeSessions.session.tell': live(tellSession(deps)),
    'opencodeSessions.message.fork': live(forkAtMessage(deps)),
    'opencodeSessions.message.relay': live(relayFromMessage(deps)),
    'opencodeSessions.message.handOff': live(handOffFromMessage(deps)),
    'opencodeSessions.relay.edit': live(editRelay(deps)),
    'opencodeSessions.relay.moveUp': live(moveRelay(deps, 'up')),
    'opencodeSessions.relay.moveDown': live(moveRelay(deps, 'down')),
    'opencodeSessions.relay.cancel': live(cancelRelay(deps)),
    'opencodeSessions.relay.release': live(releaseRelays(deps)),
    'opencodeSessions.relay.stopAll': live(stopRelays(deps)),
    'opencodeSessions.draft.open': openDraft(deps),
    'opencodeSessions.draft.send': live(
      sendDraft({
        ...deps,
        senders: {
          relay: (order, draft) => sendRelayDraft(deps, order, draft),
          chain: (order, draft) => sendChain(deps, order, draft),
          handOff: (order, draft) => sendHandOff(deps, order, draft),
          fork: (order, draft) => sendFork(deps, order, draft),
          forkMany: (order, draft) => sendApproaches(deps, order, draft),
          compact: (order, draft) => sendCompact(deps, order, draft),
        },
      }),
    ),
    'opencodeSessions.draft.discard': discardDraft(deps),
    'opencodeSessions.draft.summarize': live(deps.summarizeDraft),
  };
}
