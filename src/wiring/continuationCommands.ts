import { bringBack, sendFindings, type SendFindingsDeps } from '../commands/fork/bringBack.ts';
import { continueSession } from '../commands/session/continueSession.ts';
import { cancelRelay } from '../commands/relay/cancelRelay.ts';
import { compactSession } from '../commands/compact/compactSession.ts';
import { discardDraft } from '../commands/draft/discardDraft.ts';
import { editRelay } from '../commands/relay/editRelay.ts';
import { forkMany } from '../commands/fork/forkMany.ts';
import { forkSession } from '../commands/fork/forkSession.ts';
import { forkWithPrompt } from '../commands/fork/forkWithPrompt.ts';
import { forkAtMessage, handOffFromMessage, relayFromMessage } from '../commands/message/fromMessage.ts';
import { handOffSession } from '../commands/handOff/handOffSession.ts';
import type { MoveDraftDeps } from '../commands/draft/moveDraft.ts';
import type { InsertIntoComposer } from '../commands/session/addSelection.ts';
import { moveRelay } from '../commands/relay/moveRelay.ts';
import { openDraft } from '../commands/draft/openDraft.ts';
import type { UnsentPrompts } from '../commands/session/promptSession.ts';
import { relaySession } from '../commands/relay/relaySession.ts';
import { runChain, saveChain } from '../commands/relay/runChain.ts';
import { releaseRelays } from '../commands/relay/releaseRelays.ts';
import { runCommandInNew } from '../commands/handOff/runCommandInNew.ts';
import { sendBrief, type SendBriefDeps } from '../commands/service/sendBrief.ts';
import { sendCompact, type SendCompactDeps } from '../commands/compact/sendCompact.ts';
import { type DraftSenders, sendDraft } from '../commands/draft/sendDraft.ts';
import { sendApproaches, sendFork, type SendApproachesDeps } from '../commands/fork/sendFork.ts';
import { sendHandOff, type SendHandOffDeps } from '../commands/handOff/sendHandOff.ts';
import type { SendRelayDeps } from '../commands/relay/sendRelay.ts';
import { sendChain, sendRelayDraft } from '../commands/relay/sendRelayDraft.ts';
import { stopRelays } from '../commands/relay/stopRelays.ts';
import { summarizeDraft } from '../commands/handOff/summarizeDraft.ts';
import { tellSession } from '../commands/session/tellSession.ts';
import { undoHandOff } from '../commands/handOff/undoHandOff.ts';
import type { Log } from '../core/log.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { OpenHow } from '../core/sessions/openHow.ts';
import { loadContextUse } from '../core/sessions/loadContextUse.ts';
import { titleById } from '../core/sessions/sessionRow.ts';
import { contextUse } from '../core/sessions/usage.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { ContinuationCommandId } from '../manifest.ts';
import type { Session } from '../protocol/records.ts';
import type { Continuation } from './continuation.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';
import { whenLive } from '../commands/whenLive.ts';

export interface ContinuationCommandsInput {
  readonly stores: Stores;
  readonly views: Pick<Views, 'sessionsView'>;
  readonly connection: { readonly openCode: OpenCode; connect(): Promise<void> };
  readonly continuation: Pick<Continuation, 'relays' | 'drafts' | 'offer' | 'looksSecret' | 'ports'>;
  readonly dialogs: Dialogs;
  readonly unsent: UnsentPrompts;
  readonly openTranscript: (sessionId: string, how: OpenHow) => void;
  readonly openText: (name: string, text: string) => Promise<void>;
  readonly insertIntoComposer: InsertIntoComposer;
  readonly startSession: MoveDraftDeps['startSession'];
  readonly log: Log;
}

/** The verbs that continue a session, each with the slice that it needs. */
export function createContinuationCommands({
  stores,
  views,
  connection,
  continuation,
  dialogs,
  unsent,
  openTranscript,
  openText,
  insertIntoComposer,
  startSession,
  log,
}: ContinuationCommandsInput): Pick<CommandTable, ContinuationCommandId> {
  const { sessions } = stores;
  const { ports, relays, drafts, offer, looksSecret } = continuation;
  const base = {
    ...stores,
    ...ports,
    relays,
    drafts,
    offer,
    openCode: connection.openCode,
    dialogs,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    unsent,
    openTranscript,
    openText,
    insertIntoComposer,
    startSession,
    looksSecret,
    now: Date.now,
    sessionsWithRelays: () => sessions.all().flatMap(({ id }) => (relays.pending(id).length > 0 ? id : [])),
    titleOf: (sessionId: string) => titleById(sessions, sessionId),
  };
  const deps = { ...base, summarizeDraft: summarizeDraft(base) };
  const live = whenLive(connection);
  const ways = {
    relay: relaySession(deps),
    fork: forkSession(deps),
    forkMany: forkMany(deps),
    handOff: handOffSession(deps),
    compact: compactSession(deps),
  };
  const findContextUse = async ({ id, directory }: Session) => {
    await loadContextUse({ ...deps, log }, id);
    const answer = stores.contextUses.latest(id);
    return answer && contextUse(answer, stores.offers.known(directory)?.providers);
  };
  return {
    'opencodeSessions.session.continue': live(continueSession({ ...deps, ways, findContextUse })),
    'opencodeSessions.session.relay': live(ways.relay),
    'opencodeSessions.session.runChain': live(runChain(deps)),
    'opencodeSessions.session.handOff': live(ways.handOff),
    'opencodeSessions.session.undoHandOff': live(undoHandOff(deps)),
    'opencodeSessions.session.runCommandInNew': live(runCommandInNew(deps)),
    'opencodeSessions.session.fork': live(ways.fork),
    'opencodeSessions.session.forkMany': live(ways.forkMany),
    'opencodeSessions.session.forkWithPrompt': live(forkWithPrompt(deps)),
    'opencodeSessions.session.compact': live(ways.compact),
    'opencodeSessions.session.tell': live(tellSession(deps)),
    'opencodeSessions.session.bringBack': live(bringBack(deps)),
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
    'opencodeSessions.draft.send': live(sendDraft({ ...deps, senders: createSenders(deps) })),
    'opencodeSessions.draft.discard': discardDraft(deps),
    'opencodeSessions.draft.summarize': live(deps.summarizeDraft),
    'opencodeSessions.draft.saveChain': saveChain(deps),
  };
}

/** What each verb does with its draft. */
function createSenders(
  deps: SendRelayDeps &
    SendHandOffDeps &
    SendApproachesDeps &
    SendFindingsDeps &
    SendCompactDeps &
    SendBriefDeps,
): DraftSenders {
  return {
    relay: (source, order, draft) => sendRelayDraft(deps, source, order, draft),
    chain: (source, order, draft) => sendChain(deps, source, order, draft),
    handOff: (source, order, draft) => sendHandOff(deps, source, order, draft),
    fork: (source, order, draft) => sendFork(deps, source, order, draft),
    forkMany: (source, order, draft) => sendApproaches(deps, source, order, draft),
    bringBack: (source, order, draft) => sendFindings(deps, source, order, draft),
    compact: (source, order, draft) => sendCompact(deps, source, order, draft),
    brief: (source, order, draft) => sendBrief(deps, source, order, draft),
  };
}
