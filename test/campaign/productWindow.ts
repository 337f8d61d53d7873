import { setTimeout as delay } from 'node:timers/promises';
import { digest } from '../../src/editor/keeping/digest.ts';
import { findForkPoint } from '../../src/flows/preparing/findForkPoint.ts';
import { newSession } from '../../src/commands/session/newSession.ts';
import { promptSession } from '../../src/commands/session/promptSession.ts';
import { describeLeft } from '../../src/flows/unfinished.ts';
import { putAwayArrived } from '../../src/commands/draft/putAwayArrived.ts';
import { looksSecret } from '../../src/core/continuation/drafts/looksSecret.ts';
import { sendCompact } from '../../src/commands/compact/sendCompact.ts';
import { sendDraft } from '../../src/commands/draft/sendDraft.ts';
import { sendFindings } from '../../src/commands/fork/bringBack.ts';
import { sendApproaches, sendFork } from '../../src/commands/fork/sendFork.ts';
import { sendHandOff } from '../../src/commands/handOff/sendHandOff.ts';
import { sendChain, sendRelayDraft } from '../../src/commands/relay/sendRelayDraft.ts';
import { tellSession } from '../../src/commands/session/tellSession.ts';
import type { Cancellation } from '../../src/core/cancellation.ts';
import type { Dialogs } from '../../src/core/ports/dialogs.ts';
import { isLive } from '../../src/core/state/connectionState.ts';
import { Offers } from '../../src/core/state/offers.ts';
import { Problem, UncertainProblem } from '../../src/core/errors.ts';
import type { Event } from '../../src/core/event.ts';
import { isOpen } from '../../src/core/prompts/delivery.ts';
import { describeJudged } from '../../src/core/prompts/judgedWords.ts';
import type { Log } from '../../src/core/log.ts';
import type { Proof } from '../../src/core/ports/proof.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { TranscriptStore } from '../../src/core/transcript/transcriptStore.ts';
import type { IdSource } from '../../src/core/turns/messageId.ts';
import { makeMessageId } from '../../src/core/turns/messageId.ts';
import { RelayPrompts } from '../../src/core/prompts/pendingPrompts.ts';
import { SessionLock } from '../../src/core/turns/sessionLock.ts';
import { SettledTurns } from '../../src/core/turns/settledTurn.ts';
import { clearUpCompactions, compactAndContinue } from '../../src/flows/compactAndContinue.ts';
import { deleteForgotten } from '../../src/flows/extractHandoff.ts';
import { forkApproaches } from '../../src/flows/forkApproaches.ts';
import { handOff } from '../../src/flows/handOff.ts';
import { Attempts } from '../../src/flows/prompting/attempts.ts';
import { Deliveries } from '../../src/flows/prompting/deliveries.ts';
import { PromptDoor } from '../../src/flows/prompting/promptDoor.ts';
import { PromptsUnderWay } from '../../src/flows/prompting/promptsUnderWay.ts';
import { TypedPrompting } from '../../src/flows/prompting/typedPrompting.ts';
import { WaitingList } from '../../src/flows/prompting/waitingList.ts';
import { TypingSessions } from '../../src/core/state/typing.ts';
import { Relays } from '../../src/flows/relaying/relay.ts';
import { tell } from '../../src/flows/tell.ts';
import type { ComposerDraft } from '../../src/protocol/page/composer.ts';
import { startTimer } from '../../src/editor/timer.ts';
import { createUserProof } from '../../src/server/userProof.ts';
import { createUnsentPrompts } from '../../src/editor/keeping/unsentPrompts.ts';
import { Connection, type ConnectionPorts } from '../../src/server/connection.ts';
import { describeRelay } from '../../src/flows/relaying/relayWords.ts';
import { titleById } from '../../src/core/sessions/sessionRow.ts';
import { SwitchedHold } from '../unit/core/switchedHold.ts';
import type { Desk, Seat } from './desk.ts';
import { withoutSentence } from './judge.ts';

export interface WindowOptions {
  readonly desk: Desk;
  readonly workspace: string;
  readonly url: string;
  readonly credentials: () => { username: string; password: string };
  readonly environment: NodeJS.ProcessEnv;
  /** The folder in which the extension keeps what is the user's. */
  readonly storage: string;
  /** Milliseconds by which the clock of this window is wrong. */
  readonly clockError?: () => number;
  readonly silence?: number;
}

/** A prompt that waits in a session, as a person sees it there. */
export interface WaitingPrompt {
  readonly sessionId: string;
  readonly text: string;
  readonly isBeingSent: boolean;
  /** Why it waits, where it says so. */
  readonly reason: string | undefined;
}

/** What a command is given from the palette, and what is then typed for it. */
export interface BoxArgument {
  readonly text: string;
  readonly [name: string]: unknown;
}

/** What became of an act, as the person was told. */
export type Answer =
  | { readonly kind: 'done'; readonly sessionId?: string }
  /** Not done; the sentence says why. */
  | { readonly kind: 'failed'; readonly sentence: string }
  /** Whether it was done is not known, and that was said. */
  | { readonly kind: 'unknown'; readonly sentence: string };

/** The longest wait of the product that a round has time for, in milliseconds. */
const longestWait = 2_500;

/**
 * One window of the product without the editor: its real classes, introduced to each other as `wiring/` does it, with a
 * desk in place of the editor's dialogs and memory. All that the campaign knows about how the house is built stands here.
 */
export class ProductWindow {
  readonly #options: WindowOptions;
  readonly #ids: IdSource;
  readonly #lines: string[] = [];
  readonly #closing = new AbortController();
  readonly #gone = new AbortController();
  /** What the person types when a box asks for it. */
  #inMind: string | undefined;
  readonly #desk: Seat;
  readonly #deliveries: Deliveries;
  readonly #attempts: Attempts;
  readonly #door: PromptDoor;
  readonly #prompting: TypedPrompting;
  readonly #relays: Relays;
  readonly #underWay: PromptsUnderWay;
  readonly #offers: Offers;
  readonly #waiting: WaitingList;
  readonly #commands: ReturnType<ProductWindow['createCommands']>;
  readonly #proof: Proof;
  readonly connection: Connection;
  readonly sessions = new SessionStore();
  readonly turns = new SettledTurns();
  readonly lock = new SessionLock();
  readonly #hold = new SwitchedHold();
  readonly transcripts: TranscriptStore;

  constructor(options: WindowOptions) {
    this.#options = options;
    const { clockError = () => 0 } = options;
    const desk = options.desk.sit(this.#gone.signal);
    this.#desk = desk;
    this.#ids = { now: () => Date.now() + clockError(), random: Math.random };
    this.#proof = createUserProof(options.storage, this.#log);
    this.transcripts = new TranscriptStore({
      listMessages: (...asked) => this.openCode.listMessages(...asked),
      getMessage: (...asked) => this.openCode.getMessage(...asked),
    });
    this.#offers = new Offers({
      listAgents: (directory) => this.openCode.listAgents(directory),
      listProviders: (directory) => this.openCode.listProviders(directory),
      listCommands: (directory) => this.openCode.listCommands(directory),
    });
    this.connection = this.#createConnection([this.sessions, this.transcripts, this.#offers, this.turns]);
    this.#deliveries = new Deliveries(desk.memory);
    this.#attempts = new Attempts(this.#ids, desk.memory, digest);
    const base = {
      sessions: this.sessions,
      transcripts: this.transcripts,
      turns: this.turns,
      lock: this.lock,
      hold: this.#hold,
      openCode: this.openCode,
      deliveries: this.#deliveries,
      onDidGoLive: this.#onDidGoLive,
      startTimer,
      wait: this.#wait,
      report: (error: unknown) => this.#report(error),
      log: this.#log,
    };
    this.#door = new PromptDoor({ ...base, now: this.#ids.now });
    const putAway = putAwayArrived({
      sessions: this.sessions,
      openCode: this.openCode,
      drafts: desk.drafts,
      unsent: createUnsentPrompts(desk.memory),
      deliveries: this.#deliveries,
      pending: (sessionId) => this.#relays.pending(sessionId),
      left: (...asked) =>
        describeLeft(
          { attempts: this.#attempts, deliveries: this.#deliveries, sessions: this.sessions },
          ...asked,
        ),
      log: this.#log,
    });
    this.#onDidGoLive(() => void putAway.cutOff());
    this.#door.onDidJudge((entry) => {
      void putAway.judged(entry);
      const judged = describeJudged(entry, this.sessions.get(entry.sessionId)?.title ?? entry.sessionId);
      if (judged !== undefined) desk.tell('notice', judged.message);
    });
    this.#prompting = new TypedPrompting({
      ...base,
      door: this.#door,
      attempts: this.#attempts,
      offers: this.#offers,
      memento: desk.memory,
      onDidSettle: this.turns.onDidSettle,
      findKind: () => Promise.resolve(undefined),
      maySendTo: () => Promise.resolve(true),
    });
    this.#prompting.onDidGiveBack(({ problem }) => desk.tell('word', problem));
    const { queue } = this.#prompting;
    this.#relays = this.#createRelays();
    queue.onDidChange(({ sessionId }) => this.#relays.look(sessionId));
    this.#underWay = new PromptsUnderWay({ deliveries: this.#deliveries, startTimer });
    const pending = new RelayPrompts({
      sessions: this.sessions,
      proof: this.#proof,
      why: (sessionId) => this.#relays.why(sessionId),
      onDidChangeWhy: this.#relays.onDidChangeWhy,
      edit: (...edited) => this.#relays.edit(...edited),
      cancel: (...cancelled) => this.#relays.cancel(...cancelled),
    });
    pending.onDidChange(() => void putAway.cutOff());
    this.#waiting = new WaitingList(this.#underWay, queue, pending);
    this.#commands = this.createCommands();
    this.#onDidGoLive(() => {
      clearUpCompactions(this.#flow)
        .then(() => deleteForgotten(this.#flow, this.sessions.all()))
        .catch((error: unknown) => this.#log.warn('What was left behind was not cleared up.', error));
    });
  }

  get openCode() {
    return this.connection.openCode;
  }

  /** What the window logged. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  connect(): Promise<void> {
    return this.connection.connect();
  }

  /** Ends the window, as when it is closed or reloaded; what it kept stays on the desk. */
  close(): void {
    this.#closing.abort();
    this.#relays.dispose();
    this.#waiting.dispose();
    this.#underWay.dispose();
    this.#prompting.dispose();
    this.#door.dispose();
    this.#deliveries.dispose();
    this.connection.dispose();
    this.#gone.abort();
    this.#options.desk.letGo();
  }

  /** Types into the composer of a session and presses Enter; `queue`: it is to wait for the running turn. */
  async type(sessionId: string, draft: ComposerDraft, mode: 'queue' | 'steer' = 'queue'): Promise<Answer> {
    try {
      await this.#prompting.send(sessionId, draft, mode);
    } catch (error) {
      return this.#refused(error);
    }
    return this.#isUnknown(sessionId, draft.text)
      ? { kind: 'unknown', sentence: 'The transcript says that it is not known.' }
      : { kind: 'done', sessionId };
  }

  /** What stands in the composer of a session. */
  composer(sessionId: string): string {
    return this.#prompting.drafts.get(sessionId).text;
  }

  /** Sends one of the texts that stand in the composer; the others are cut out before and put in again after it. */
  async typeOneOf(sessionId: string, draft: ComposerDraft): Promise<Answer> {
    const { drafts } = this.#prompting;
    const others = this.composer(sessionId).replace(draft.text, '').trim();
    drafts.set(sessionId, draft);
    const typed = this.type(sessionId, draft);
    if (others !== '') drafts.add(sessionId, { text: others });
    return typed;
  }

  /** “Send Prompt…” of the palette: the text is typed once a box asks for it. */
  promptFromPalette({ text, ...argument }: BoxArgument): Promise<Answer> {
    this.#inMind = text;
    return this.#act(() => this.#commands.prompt(argument));
  }

  newSession({ text, ...argument }: BoxArgument): Promise<Answer> {
    this.#inMind = text;
    return this.#act(() => this.#commands.create(argument));
  }

  /** Sends a draft of the desk: a relay, a chain, a hand off, a fork, approaches, a compaction. */
  sendDraft(id: string): Promise<Answer> {
    return this.#act(() => this.#commands.send(id));
  }

  tell({ text, ...argument }: BoxArgument): Promise<Answer> {
    this.#inMind = text;
    return this.#act(() => this.#commands.tell(argument));
  }

  /** All that waits in the session, the typed and the relayed. */
  waiting(sessionId: string): readonly WaitingPrompt[] {
    return this.#waiting.of(sessionId).map(({ text, sending, relay, why }) => ({
      sessionId,
      text,
      isBeingSent: sending === true,
      reason: relay?.held ?? why,
    }));
  }

  get #flow() {
    return {
      openCode: this.openCode,
      turns: this.turns,
      lock: this.lock,
      hold: this.#hold,
      proof: this.#proof,
      door: this.#door,
      attempts: this.#attempts,
      onDidGoLive: this.#onDidGoLive,
      startTimer,
      wait: this.#wait,
      ids: this.#ids,
      log: this.#log,
    };
  }

  /** Each time that the connection comes about, as `wiring/prompting.ts` tells it. */
  readonly #onDidGoLive: Event<void> = (listener) => {
    let was = false;
    return this.connection.onDidChangeState((state) => {
      const begins = !was && isLive(state);
      was = isLive(state);
      if (begins) listener();
    });
  };

  /** Whether the window says of a prompt that it does not know what became of it. */
  #isUnknown(sessionId: string, text: string): boolean {
    const entry = this.#deliveries.of(sessionId).findLast((sent) => text.startsWith(sent.text));
    return entry !== undefined && isOpen(entry);
  }

  /** What waits in a window that is closed never goes on: its process is gone. */
  readonly #wait = async (milliseconds: number): Promise<void> => {
    await delay(Math.min(milliseconds, longestWait), undefined, { ref: false });
    if (this.#closing.signal.aborted) await new Promise<never>(() => undefined);
  };

  get #log(): Log {
    const record = (message: string, ...details: unknown[]): void => {
      this.#lines.push(`${Math.round(performance.now())} ${[message, ...details.map(describe)].join(' ')}`);
    };
    return { debug: record, info: record, warn: record, error: record };
  }

  #createConnection(sinks: ConnectionPorts['sinks']): Connection {
    const { url, workspace, credentials, environment, silence } = this.#options;
    return new Connection({
      settings: () => ({ url }),
      directories: () => [workspace],
      credentials: () => Promise.resolve(credentials()),
      keeper: { script: '', stateFolder: '' },
      environment,
      kept: this.#desk.memory,
      trusted: () => true,
      sinks,
      log: this.#log,
      ...(silence === undefined ? {} : { silence }),
    });
  }

  #createRelays(): Relays {
    const { workspace } = this.#options;
    const desk = this.#desk;
    const relays = new Relays({
      ...this.#flow,
      sessions: this.sessions,
      isOurs: (directory) => directory === workspace,
      window: makeMessageId(this.#ids),
      isPreceded: (sessionId) => this.#prompting.queue.has(sessionId),
      typing: new TypingSessions(Date.now),
      hopLimit: () => 8,
    });
    relays.onDidNotice((notice) => {
      const described = describeRelay(notice, titleById(this.sessions, notice.sessionId));
      if (described === undefined) return;
      const offers = described.actions.flatMap(({ arguments: given = [] }) => given.map(describe));
      desk.tell('notice', described.message, offers);
    });
    return relays;
  }

  createCommands() {
    const { workspace } = this.#options;
    const desk = this.#desk;
    const flow = { ...this.#flow, deliveries: this.#deliveries };
    const openCode = this.openCode;
    const deps = {
      sessions: this.sessions,
      openCode,
      offers: this.#offers,
      proof: this.#proof,
      dialogs: this.#dialogs,
      drafts: desk.drafts,
      relays: this.#relays,
      isBusy: (sessionId: string) => this.sessions.status(sessionId).type !== 'idle',
      maySendTo: () => Promise.resolve(true),
      asksBeforeEditing: () => false,
      lastRelay: { set: () => undefined },
      notify: ({
        message,
        actions,
      }: {
        message: string;
        actions: readonly { arguments?: readonly unknown[] }[];
      }) =>
        desk.tell(
          'notice',
          message,
          actions.flatMap(({ arguments: given = [] }) => given.map(describe)),
        ),
      openTranscript: () => undefined,
      isVisible: () => false,
      focusPrompt: () => undefined,
      insertIntoComposer: () => undefined,
      currentSessionId: () => undefined,
      selectedSessionIds: () => [],
      collectContext: () => Promise.resolve([]),
      unsent: createUnsentPrompts(desk.memory),
      sendText: (...sent: Parameters<TypedPrompting['sendText']>) => this.#prompting.sendText(...sent),
      directories: () => [workspace],
      directoryName: (directory: string) => directory,
      pickedModel: () => undefined,
      making: { ids: this.#ids, wait: this.#wait },
      runWithProgress: async <T>(
        title: string,
        run: (cancellation: Cancellation, report: (step: string) => void) => Promise<T>,
      ): Promise<T> => {
        desk.tell('step', title);
        return run(never, (step) => desk.tell('step', `${title}: ${step}`));
      },
      findForkPoint: (...[source, messageId]: [Parameters<typeof findForkPoint>[1], string | undefined]) =>
        findForkPoint({ sessions: this.sessions, openCode }, source, messageId),
      handOff: (request: Parameters<typeof handOff>[1]) =>
        handOff({ ...flow, sessions: this.sessions }, request),
      fork: (...asked: Tail<Parameters<typeof forkApproaches>>) =>
        forkApproaches({ ...flow, sessions: this.sessions }, ...asked),
      compact: (
        request: Parameters<typeof compactAndContinue>[1],
        onProgress: Parameters<typeof compactAndContinue>[0]['onProgress'],
        cancellation: Cancellation,
      ) =>
        compactAndContinue(
          { ...flow, sessions: this.sessions, onProgress, exportSession: undefined },
          request,
          cancellation,
        ),
      tell: (request: Parameters<typeof tell>[1], cancellation: Cancellation) =>
        tell(flow, request, cancellation),
      offer: async (directory: string) => {
        const [agents, providers] = await Promise.all([
          openCode.listAgents(directory),
          openCode.listProviders(directory),
        ]);
        return { agents, providers };
      },
    };
    const senders: Parameters<typeof sendDraft>[0]['senders'] = {
      relay: (source, order, draft) => sendRelayDraft(deps, source, order, draft),
      chain: (source, order, draft) => sendChain(deps, source, order, draft),
      handOff: (source, order, draft) => sendHandOff(deps, source, order, draft),
      fork: (source, order, draft) => sendFork(deps, source, order, draft),
      forkMany: (source, order, draft) => sendApproaches(deps, source, order, draft),
      bringBack: (source, order, draft) => sendFindings(deps, source, order, draft),
      compact: (source, order, draft) => sendCompact(deps, source, order, draft),
      brief: () => Promise.reject(new Error('no brief is part of a round')),
    };
    return {
      prompt: promptSession(deps),
      create: newSession({ ...deps, followFolder: () => Promise.resolve() }),
      tell: tellSession(deps),
      send: sendDraft({
        ...deps,
        senders,
        looksSecret,
        startSession: () => Promise.resolve(undefined),
      }),
    };
  }

  get #dialogs(): Dialogs {
    return {
      askText: () => {
        if (this.#inMind !== undefined) this.#desk.typeInBox(this.#inMind);
        return Promise.resolve(this.#inMind);
      },
      pickSession: () => Promise.resolve(undefined),
      pickOne: () => Promise.resolve(undefined),
      pickAct: async () => undefined,
      pickSeveral: () => Promise.resolve(undefined),
      confirm: () => Promise.resolve(true),
      inform: (message) => this.#desk.tell('word', message),
    };
  }

  /** A command as the editor runs it: it waits for the server, and what goes wrong is shown. */
  async #act(act: () => Promise<unknown>): Promise<Answer> {
    try {
      await this.connection.connect();
      const sessionId = await act();
      return { kind: 'done', ...(typeof sessionId === 'string' ? { sessionId } : {}) };
    } catch (error) {
      return this.#refused(error);
    }
  }

  #refused(error: unknown): Answer {
    const kind = error instanceof UncertainProblem ? 'unknown' : 'failed';
    return { kind, sentence: this.#report(error) };
  }

  #report(error: unknown): string {
    const sentence = error instanceof Problem ? error.message : `${describe(error)} ${withoutSentence}`;
    this.#desk.tell('problem', sentence);
    this.#log.warn('Reported', error);
    return sentence;
  }
}

type Tail<All extends readonly unknown[]> = All extends readonly [unknown, ...infer Rest] ? Rest : never;

const never: Cancellation = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};

function describe(detail: unknown): string {
  if (detail instanceof Error) {
    return detail.cause === undefined ? String(detail) : `${String(detail)} ← ${describe(detail.cause)}`;
  }
  return typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? '');
}
