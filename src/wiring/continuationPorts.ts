import type { ExtensionContext } from 'vscode';
import { draftRelay } from '../commands/relay/draftRelay.ts';
import { findForkPoint } from '../flows/preparing/findForkPoint.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import { continuationSettings } from '../editor/continuationSettings.ts';
import { readGitDiff, readGitState } from '../editor/gitState.ts';
import { findMissingFiles } from '../editor/missingFiles.ts';
import { runWithProgress } from '../editor/asking/progress.ts';
import { createLastRelay } from '../editor/keeping/lastRelay.ts';
import { describeCopy, keepSessionCopy } from '../editor/keeping/sessionCopies.ts';
import { locateFolder } from '../editor/services/locateFolder.ts';
import { collectToldContexts } from '../editor/toldContexts.ts';
import { compactAndContinue } from '../flows/compactAndContinue.ts';
import { extractHandoff } from '../flows/extractHandoff.ts';
import { forkApproaches } from '../flows/forkApproaches.ts';
import { gatherSession, type GatherWish } from '../flows/preparing/gatherSession.ts';
import { assertUndoable, handOff, runCommandInNewSession } from '../flows/handOff.ts';
import { startBrief } from '../flows/startBrief.ts';
import { tell } from '../flows/tell.ts';
import { readTemplateFile, readVerbTemplate } from '../server/templateFile.ts';
import type { ReviewedVerb } from '../core/continuation/drafts/review.ts';
import type { SendBriefDeps } from '../commands/service/sendBrief.ts';
import type { CompactSessionDeps } from '../commands/compact/compactSession.ts';
import type { ForkWithPromptDeps } from '../commands/fork/forkWithPrompt.ts';
import type { HandOffSessionDeps } from '../commands/handOff/handOffSession.ts';
import type { RelaySessionDeps } from '../commands/relay/relaySession.ts';
import type { SaveChainDeps } from '../commands/relay/runChain.ts';
import type { RunCommandInNewDeps } from '../commands/handOff/runCommandInNew.ts';
import type { SummarizeDraftDeps } from '../commands/handOff/summarizeDraft.ts';
import type { TellSessionDeps } from '../commands/session/tellSession.ts';
import type { UndoHandOffDeps } from '../commands/handOff/undoHandOff.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';

export interface ContinuationPortsInput {
  readonly context: Pick<ExtensionContext, 'storageUri' | 'globalStorageUri' | 'workspaceState'>;
  readonly stores: Pick<Stores, 'sessions'>;
  readonly flow: PromptingRoom['flow'];
  /** Has what happens in a folder told to this window, and ends when it is. */
  readonly followFolder: (directory: string) => Promise<void>;
  readonly notify: Notify;
  readonly log: Log;
}

/** What the flows do for the commands, with all that they need of the server and the editor. */
export function createContinuationPorts({
  context,
  stores,
  flow,
  followFolder,
  notify,
  log,
}: ContinuationPortsInput) {
  const { openCode } = flow;
  const making = { ...flow, sessions: stores.sessions };
  const gather = (sessionId: string, wish?: GatherWish) =>
    gatherSession(
      {
        openCode,
        proof: flow.proof,
        git: (directory) => readGitState(directory, log),
        findMissing: findMissingFiles,
      },
      sessionId,
      wish,
    );
  const keepCopy: Parameters<typeof compactAndContinue>[0]['exportSession'] = async (session, messages) => {
    const storage = context.storageUri ?? context.globalStorageUri;
    const file = await keepSessionCopy(storage, session, messages, Date.now());
    notify(describeCopy(stores.sessions.title(session), file));
  };
  // Undefined: the layout that is built in.
  const template = async (directory: string, verb: ReviewedVerb): Promise<string | undefined> =>
    (await readVerbTemplate(directory, verb)) ?? continuationSettings.template(verb);
  return {
    gather,
    notify,
    runWithProgress,
    template,
    review: continuationSettings.review,
    form: continuationSettings.handOffForm,
    summarizes: continuationSettings.summarizes,
    hopLimit: continuationSettings.hopLimit,
    savedChains: continuationSettings.chains,
    saveChain: continuationSettings.saveChain,
    readPrompt: readTemplateFile,
    lastRelay: createLastRelay(context.workspaceState),
    asksBeforeEditing: continuationSettings.asksBeforeEditing,
    exports: continuationSettings.exports,
    maySendTo: flow.maySendTo,
    isBusy: (sessionId: string) => stores.sessions.status(sessionId).type !== 'idle',
    draftRelay: (...wished) => draftRelay({ gather, template }, ...wished),
    findForkPoint: (source, messageId) =>
      findForkPoint({ sessions: stores.sessions, openCode }, source, messageId),
    followFolder,
    locateFolder,
    startBrief: (request) => startBrief({ ...making, followFolder }, request),
    handOff: (request) => handOff(making, request),
    runInNewSession: (request) => runCommandInNewSession(making, request),
    extract: (request, cancellation) => extractHandoff(making, request, cancellation),
    fork: (source, point, wishes) => forkApproaches(making, source, point, wishes),
    compact: (request, onProgress, cancellation) =>
      compactAndContinue(
        { ...making, onProgress, exportSession: continuationSettings.exports() ? keepCopy : undefined },
        request,
        cancellation,
      ),
    tell: (request, cancellation) => tell(flow, request, cancellation),
    assertUndoable: (sessionId) => assertUndoable(openCode, sessionId),
    collectContext: (directory) =>
      collectToldContexts({ readDiff: (folder) => readGitDiff(folder, log) }, directory),
  } satisfies Partial<
    RelaySessionDeps &
      SaveChainDeps &
      HandOffSessionDeps &
      SummarizeDraftDeps &
      ForkWithPromptDeps &
      CompactSessionDeps &
      TellSessionDeps &
      RunCommandInNewDeps &
      UndoHandOffDeps &
      SendBriefDeps
  >;
}
