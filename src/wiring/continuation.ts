import { Disposable, type ExtensionContext } from 'vscode';
import { putAwayArrived } from '../commands/draft/putAwayArrived.ts';
import type { UnsentPrompts } from '../commands/session/promptSession.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { DraftOffer, Drafts } from '../core/continuation/drafts/drafts.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { type LooksSecret, looksSecretBeside } from '../core/continuation/drafts/looksSecret.ts';
import { makeMessageId } from '../core/turns/messageId.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { type PendingPrompts, RelayPrompts } from '../core/prompts/pendingPrompts.ts';
import { continuationSettings } from '../editor/continuationSettings.ts';
import type { DraftFiles } from '../editor/drafts/draftFiles.ts';
import { registerDrafts } from '../editor/drafts/registerDrafts.ts';
import { secretlint } from '../editor/secretlint.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { describeLeft } from '../flows/unfinished.ts';
import { clearUp } from '../flows/clearUp.ts';
import { Relays } from '../flows/relaying/relay.ts';
import { ChildReports } from '../flows/relaying/childReports.ts';
import { SessionMail } from '../flows/relaying/sessionMail.ts';
import { ContinuationSuggestions } from '../flows/suggestContinuation.ts';
import { createContinuationPorts } from './continuationPorts.ts';
import { describeRelay } from '../flows/relaying/relayWords.ts';
import { titleById } from '../core/sessions/sessionRow.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Services } from './services/services.ts';
import type { Stores } from './stores.ts';

export interface ContinuationInput {
  readonly context: Pick<ExtensionContext, 'storageUri' | 'globalStorageUri' | 'workspaceState'>;
  readonly stores: Stores;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly draftFiles: DraftFiles;
  readonly prompting: Pick<PromptingRoom, 'typing' | 'flow'>;
  readonly services: Pick<Services, 'followFolder'>;
  readonly unsent: UnsentPrompts;
  readonly notify: Notify;
  readonly log: Log;
}

export interface Continuation extends Disposable {
  readonly pending: PendingPrompts;
  readonly relays: Relays;
  readonly drafts: Drafts;
  /** What the configuration of a directory offers to a draft. */
  readonly offer: (directory: string) => Promise<DraftOffer>;
  /** Finds what looks like a secret in a brief. */
  readonly looksSecret: LooksSecret;
  /** What the flows do for the commands. */
  readonly ports: ReturnType<typeof createContinuationPorts>;
}

/** The continuation prompts: their drafts, the pending relays and the flows behind the verbs. */
export function createContinuation(input: ContinuationInput): Continuation {
  const { context, stores, connection, unsent, notify, log } = input;
  const { openCode } = connection;
  const owned: { dispose(): unknown }[] = [];
  const own = <Owned extends { dispose(): unknown }>(made: Owned): Owned => {
    owned.push(made);
    return made;
  };
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
      const described = describeRelay(notice, titleById(stores.sessions, notice.sessionId));
      if (described !== undefined) notify(described);
    }),
  );
  own(new SessionMail({ ...input.prompting.flow, relays }));
  own(new ChildReports({ ...input.prompting.flow, sessions: stores.sessions, relays }));
  own(
    new ContinuationSuggestions({
      ...stores,
      openCode,
      threshold: continuationSettings.suggestAt,
      notify,
      log,
    }),
  );
  own(
    input.prompting.flow.onDidGoLive(
      () => void clearUp({ ...input.prompting.flow, sessions: stores.sessions }),
    ),
  );
  const offer = (directory: string): Promise<DraftOffer> => stores.offers.load(directory);
  const looksSecret = looksSecretBeside(secretlint, log);
  const drafts = registerDrafts(
    {
      context,
      files: input.draftFiles,
      offers: { load: offer, onDidChange: connection.onDidChangeState },
      findFiles: (directory, query) => openCode.findFiles(directory, query),
      looksSecret,
      log,
    },
    own,
  );
  const putAway = putAwayArrived({
    sessions: stores.sessions,
    openCode,
    drafts,
    unsent,
    deliveries: input.prompting.flow.deliveries,
    pending: (sessionId) => relays.pending(sessionId),
    left: (...asked) => describeLeft({ ...input.prompting.flow, sessions: stores.sessions }, ...asked),
    log,
  });
  own(input.prompting.flow.door.onDidJudge((judged) => void putAway.judged(judged)));
  own(input.prompting.flow.onDidGoLive(() => void putAway.cutOff()));
  // What is seen of relays may be what nobody saw the storing of.
  own(pending.onDidChange(() => void putAway.cutOff()));
  const ports = createContinuationPorts({
    context,
    stores,
    flow: input.prompting.flow,
    followFolder: input.services.followFolder,
    notify,
    log,
  });
  return {
    pending,
    relays,
    drafts,
    offer,
    looksSecret,
    ports,
    dispose: () => Disposable.from(...owned.toReversed()).dispose(),
  };
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
