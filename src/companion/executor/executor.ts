import { Emitter, type Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { Hold } from '../../core/state/hold.ts';
import { TypingSessions } from '../../core/state/typing.ts';
import { Offers } from '../../core/state/offers.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import { SessionLock } from '../../core/turns/sessionLock.ts';
import { SettledTurns } from '../../core/turns/settledTurn.ts';
import { clearUpCompactions } from '../../flows/compactAndContinue.ts';
import { LedgerWriter } from '../../flows/ledger/ledgerWriter.ts';
import type { LedgerStore } from '../../core/prompts/ledger.ts';
import { Attempts } from '../../flows/prompting/attempts.ts';
import { Deliveries } from '../../flows/prompting/deliveries.ts';
import { PromptDoor } from '../../flows/prompting/promptDoor.ts';
import { Relays } from '../../flows/relaying/relay.ts';
import { ChildReports } from '../../flows/relaying/childReports.ts';
import { SessionMail } from '../../flows/relaying/sessionMail.ts';
import { TodoRecord } from '../../flows/todos/todoRecord.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { Sync } from '../../server/sync.ts';
import { Findings, type ListedValues } from './findings.ts';
import type { ReceivePolicy } from './receivePolicy.ts';
import { showToasts, type ToastsPorts } from './toasts.ts';
import { startTimer, wait } from './timers.ts';

export interface ExecutorInput {
  readonly openCode: OpenCode;
  /** Of the plugin; what happens elsewhere is another one's. */
  readonly directory: string;
  readonly kept: ListedValues;
  readonly proof: Proof;
  /** Stop All, as this user's editors and companions have it in common. */
  readonly hold: Hold;
  /** Where an account is kept of what is sent. */
  readonly ledger: Pick<LedgerStore, 'append'>;
  readonly hopLimit: number;
  readonly policy: Pick<ReceivePolicy, 'of'>;
  readonly showToast: ToastsPorts['show'];
  readonly log: Log;
}

/** What runs the flows within the server's own process, as a window of the editor does outside. */
export interface Executor extends Disposable {
  readonly directory: string;
  /** The most legs of a chain. */
  readonly hopLimit: number;
  readonly policy: Pick<ReceivePolicy, 'of'>;
  readonly sessions: SessionStore;
  readonly turns: SettledTurns;
  readonly offers: Offers;
  readonly relays: Relays;
  readonly findings: Findings;
  /** What people want of the todos of sessions. */
  readonly todos: TodoRecord;
  /** What the flows need. */
  readonly flow: {
    readonly openCode: OpenCode;
    readonly sessions: SessionStore;
    readonly offers: Offers;
    readonly turns: SettledTurns;
    readonly lock: SessionLock;
    readonly hold: Hold;
    readonly door: PromptDoor;
    readonly deliveries: Deliveries;
    readonly attempts: Attempts;
    readonly ids: IdSource;
    readonly wait: (milliseconds: number) => Promise<void>;
    readonly startTimer: typeof startTimer;
    readonly proof: Proof;
    readonly log: Log;
  };
  /** Takes what the server tells, from the first event on. */
  take(event: ServerEvent): void;
  /** Asks the server what there is; to be called once it answers. Later calls wait for the first. */
  start(): Promise<void>;
}

const ids: IdSource = { now: Date.now, random: Math.random };

export function createExecutor(input: ExecutorInput): Executor {
  const { openCode, directory, kept, proof, hold, ledger, hopLimit, policy, showToast, log } = input;
  const sessions = new SessionStore();
  const turns = new SettledTurns();
  const offers = new Offers(openCode);
  const typing = new TypingSessions(Date.now);
  const didGoLive = new Emitter<void>();
  const lock = new SessionLock();
  const deliveries = new Deliveries(kept);
  const onDidGoLive = didGoLive.event;
  const base = { openCode, turns, lock, hold, onDidGoLive, startTimer, wait, proof, ids, log };
  const writer = new LedgerWriter({ deliveries, store: ledger, now: Date.now });
  const report = (error: unknown): void => log.error('A command failed.', error);
  const door = new PromptDoor({ ...base, deliveries, now: Date.now, report });
  // A text of its own for each wish: what is kept of it is read by nobody else.
  const attempts = new Attempts(ids, kept, String);
  const flow = { ...base, sessions, offers, door, deliveries, attempts };
  const relays = new Relays({
    ...flow,
    typing,
    isOurs: (candidate) => candidate === directory,
    window: makeMessageId(ids),
    hopLimit: () => hopLimit,
  });
  const findings = new Findings({ ...flow, kept });
  const todos = new TodoRecord({
    ...flow,
    writeInTurn: (...written) => relays.writeInTurn(...written),
    makeRevision: () => makeMessageId(ids),
  });
  const mail = new SessionMail({ ...base, relays });
  const toasts = showToasts({ relays, sessions, show: showToast, log });
  const reports = new ChildReports({ ...base, sessions, relays });
  const sync = new Sync({
    openCode,
    sinks: [sessions, offers, turns, typing],
    isCurrent: () => true,
    onProblem: (problem) => log.warn('The sessions could not be read again.', problem),
    onUnreadable: () => undefined,
    log,
  });
  let started: Promise<void> | undefined;
  const load = async (): Promise<void> => {
    await sync.load([directory]);
    didGoLive.fire();
    await clearUpCompactions(flow);
    findings.resume();
  };
  return {
    directory,
    hopLimit,
    policy,
    sessions,
    turns,
    offers,
    relays,
    findings,
    todos,
    flow,
    take: (event) => sync.take(event),
    start: () => {
      started ??= load().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    dispose: () => {
      for (const made of [
        toasts,
        reports,
        mail,
        todos,
        relays,
        findings,
        door,
        writer,
        deliveries,
        didGoLive,
      ])
        made.dispose();
    },
  };
}
