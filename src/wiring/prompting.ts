import { type ExtensionContext, Uri } from 'vscode';
import { digest } from '../editor/keeping/digest.ts';
import { type ConnectionState, isLive } from '../core/state/connectionState.ts';
import { type Disposable, type Event, whenever } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { titleById } from '../core/sessions/sessionRow.ts';
import type { ServerSinks } from '../core/ports/serverSinks.ts';
import type { Hold } from '../core/state/hold.ts';
import { TypingSessions } from '../core/state/typing.ts';
import type { KeptValues } from '../core/ports/keptValues.ts';
import type { DraftFiles } from '../editor/drafts/draftFiles.ts';
import { LentPrompts } from '../editor/drafts/lentPrompts.ts';
import { confirm } from '../editor/asking/confirmation.ts';
import { startTimer, wait } from '../editor/timer.ts';
import { askElsewhere, type MaySend, maySendTo } from '../flows/prompting/askElsewhere.ts';
import { Attempts } from '../flows/prompting/attempts.ts';
import { Deliveries } from '../flows/prompting/deliveries.ts';
import { LedgerWriter } from '../flows/ledger/ledgerWriter.ts';
import type { LedgerStore } from '../core/prompts/ledger.ts';
import { describeJudged } from '../core/prompts/judgedWords.ts';
import { PromptDoor } from '../flows/prompting/promptDoor.ts';
import { PromptsUnderWay } from '../flows/prompting/promptsUnderWay.ts';
import { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import { TypingTeller } from '../flows/prompting/typingTeller.ts';
import { WrittenPrompts } from '../flows/prompting/writtenPrompts.ts';
import { AttachmentMemento } from '../views/transcript/attachmentMemento.ts';
import { findKind } from '../views/transcript/sessionFiles.ts';
import type { IdSource } from '../core/turns/messageId.ts';
import type { Session } from '../protocol/records.ts';
import type { Stores } from './stores.ts';

/** What flows need that send to sessions. */
interface FlowPorts extends Pick<Stores, 'turns' | 'lock' | 'proof'>, MaySend {
  /** Stop All. */
  readonly hold: Hold;
  readonly openCode: OpenCode;
  readonly door: PromptDoor;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  /** Where somebody types. */
  readonly typing: TypingSessions;
  readonly onDidGoLive: Event<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly ids: IdSource;
  readonly log: Log;
}

export interface PromptingInput {
  readonly context: Pick<ExtensionContext, 'storageUri' | 'workspaceState'>;
  readonly stores: Pick<Stores, 'sessions' | 'offers' | 'turns' | 'ends' | 'lock' | 'proof'>;
  readonly connection: { readonly openCode: OpenCode; readonly onDidChangeState: Event<ConnectionState> };
  /** Passes the server's word on. */
  readonly told: Pick<ServerSinks, 'add'>;
  readonly draftFiles: DraftFiles;
  readonly hold: Hold;
  /** Where an account is kept of what is sent. */
  readonly ledger: LedgerStore;
  readonly notify: Notify;
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

/** The one door to the sessions, what is known of what went through it, and what is typed for it. */
export interface PromptingRoom extends Disposable {
  readonly typing: TypedPrompting;
  readonly underWay: PromptsUnderWay;
  /** What is typed in documents of the editor meanwhile. */
  readonly lent: LentPrompts;
  readonly written: WrittenPrompts;
  /** What all flows need. */
  readonly flow: FlowPorts;
}

const ids: IdSource = { now: Date.now, random: Math.random };

export function createPrompting({
  context,
  stores,
  connection,
  told,
  draftFiles,
  hold,
  ledger,
  notify,
  report,
  log,
}: PromptingInput): PromptingRoom {
  const { openCode } = connection;
  const onDidGoLive = whenever(connection.onDidChangeState, isLive);
  const asking = {
    ...stores,
    openCode,
    confirmElsewhere: ({ id }: Pick<Session, 'id'>) => confirm(askElsewhere(titleById(stores.sessions, id))),
  };
  const asked: MaySend = { maySendTo: (session) => maySendTo(asking, session) };
  const base = { ...stores, ...asked, hold, openCode, onDidGoLive, startTimer, wait, report, log };
  const deliveries = new Deliveries(context.workspaceState);
  const writer = new LedgerWriter({ deliveries, store: ledger, now: Date.now });
  const door = new PromptDoor({ ...base, deliveries, now: Date.now });
  const attempts = new Attempts(ids, context.workspaceState, digest);
  const typing = new TypedPrompting({
    ...base,
    door,
    deliveries,
    attempts,
    memento: createMemento(context, log),
    onDidSettle: stores.turns.onDidSettle,
    findKind: (path) => findKind(Uri.file(path)),
  });
  const typingSessions = new TypingSessions(Date.now);
  told.add([typingSessions]);
  const { onDidType } = typing.drafts;
  const teller = new TypingTeller({ ...base, onDidType, typingSessions, now: Date.now });
  const underWay = new PromptsUnderWay({ deliveries, startTimer });
  const lent = new LentPrompts({
    files: draftFiles,
    memory: context.workspaceState,
    composers: typing.drafts,
    title: (sessionId) => titleById(stores.sessions, sessionId),
    log,
  });
  const written = new WrittenPrompts({ ...base, drafts: typing.drafts, lent });
  const telling = door.onDidJudge((entry) => {
    const notice = describeJudged(entry, titleById(stores.sessions, entry.sessionId));
    if (notice !== undefined) notify(notice);
  });
  return {
    typing,
    underWay,
    lent,
    written,
    flow: { ...base, door, deliveries, attempts, typing: typingSessions, ids },
    dispose: () => {
      for (const made of [telling, written, lent, underWay, teller, typing, door, writer, deliveries])
        made.dispose();
    },
  };
}

/** A window without a folder has no place of its own for files, nor sessions to attach them to. */
function createMemento({ workspaceState, storageUri }: PromptingInput['context'], log: Log): KeptValues {
  if (storageUri === undefined) return workspaceState;
  return new AttachmentMemento(workspaceState, Uri.joinPath(storageUri, 'attachments').fsPath, log);
}
