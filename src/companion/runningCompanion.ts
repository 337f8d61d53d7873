import { homedir } from 'node:os';
import * as z from 'zod';
import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { defaultHopLimit } from '../core/turns/relayQueue.ts';
import { printCompanionAnswer, stopAllWords } from '../protocol/companion.ts';
import { Receive } from '../protocol/signs.ts';
import type { Within } from '../server/dialect/within.ts';
import { HoldFile } from '../server/holdFile.ts';
import { LedgerFiles } from '../server/ledgerFiles.ts';
import { sharedStorage } from '../server/sharedStorage.ts';
import { createUserProof } from '../server/userProof.ts';
import { takeTold } from './betweenSteps.ts';
import { CalledHooks } from './calledHooks.ts';
import { type Call, ChangedTodos } from './changedTodos.ts';
import { gatherCompactionContext } from './compacting.ts';
import { CallOrder } from './executor/callOrder.ts';
import { createExecutor, type Executor } from './executor/executor.ts';
import { KeptFiles } from './executor/keptFiles.ts';
import { ReceivePolicy } from './executor/receivePolicy.ts';
import { startTimer } from './executor/timers.ts';
import type { AgentTool, Caller, ToolAnswer } from './tools/agentTool.ts';
import { agentTools } from './tools/tools.ts';
import { companionVersion } from './version.ts';

/** Milliseconds; by then the server has all of its plugins, and answers them. */
const beginDelay = 2000;

/** What a configuration gives the companion. */
export const CompanionOptions = z
  .object({
    hopLimit: z.number().optional().catch(undefined),
    receive: Receive.optional().catch(undefined),
  })
  .catch({});
export type CompanionOptions = z.infer<typeof CompanionOptions>;

export interface RunningPorts {
  /** Of the plugin. */
  readonly directory: string;
  readonly options: CompanionOptions;
  /** Opens the way to the server; called again where it failed. Nothing is asked of it before the server lives. */
  readonly open: (kept: KeptFiles) => Promise<Within>;
  /** The hooks that every server of the generation calls as soon as it lives; absent: `calledAtOnce`. */
  readonly atOnce?: readonly string[];
  readonly log: Log;
}

/** What the companion does in one instance of a server, apart from the hooks by which a generation of OpenCode calls it. */
export class RunningCompanion {
  readonly #ports: RunningPorts;
  readonly #log: Log;
  readonly #storage = sharedStorage(process.env, homedir());
  readonly #hold: HoldFile;
  readonly #keptFor = (directory: string): KeptFiles =>
    directory === this.#ports.directory ? this.kept : new KeptFiles(this.#storage, directory, this.#log);
  readonly #calls = new CallOrder();
  readonly #changedTodos = new ChangedTodos();
  #executor: Promise<Executor> | undefined;
  #beginning: Disposable | undefined;
  #hear: ((event: unknown) => void) | undefined;
  #within: Promise<Within> | undefined;
  /** Whether an editor asked, and so hears of each hook that is called for the first time. */
  #isAsked = false;
  #isRetired = false;
  /** What is kept of its directory. */
  readonly kept: KeptFiles;
  /** The hooks that the server calls. */
  readonly called = new CalledHooks(() => {
    if (this.#isAsked) this.#answer();
  });

  constructor(ports: RunningPorts) {
    this.#ports = ports;
    this.#log = ports.log;
    this.#hold = new HoldFile(this.#storage, this.#log);
    this.kept = new KeptFiles(this.#storage, ports.directory, this.#log);
  }

  /** Begins although nothing happens: an instance that began anew in the middle of a turn may hold what waits since then. */
  beginSoon(): void {
    this.#beginning = startTimer(() => this.wake(undefined), beginDelay);
  }

  /** Ends what it does, without a word from here on. */
  async retire(): Promise<void> {
    this.#isAsked = false;
    this.#isRetired = true;
    this.#beginning?.dispose();
    this.#hold.dispose();
    try {
      (await this.#executor)?.dispose();
    } catch (error) {
      this.#log.warn('It could not be ended.', error);
    }
  }

  /** Takes what the server tells: the first event says that the instance lives and may be asked. */
  wake(event: unknown): void {
    this.#open()
      .then(() => (event === undefined ? undefined : this.#hear?.(event)))
      .catch((error: unknown) => this.#log.warn('An event could not be taken.', error));
  }

  /** An editor asked: says who it is, and which of its hooks were called. */
  asked(): void {
    this.#isAsked = true;
    this.#answer();
  }

  /** The server through the port. */
  async openCode(): Promise<OpenCode> {
    return (await this.#openWithin()).openCode;
  }

  /** Runs a tool for an agent, behind the calls that its session made before where the tool asks for that. */
  run(tool: AgentTool, given: unknown, caller: Omit<Caller, 'untilTurn'>): Promise<ToolAnswer> {
    return this.#calls.run(caller.sessionId, async (untilTurn) => {
      const executor = await this.#open();
      await executor.start();
      return tool.run(executor, given, { ...caller, untilTurn });
    });
  }

  /** The agent has read what the calls of the step before answered. */
  beginStep(sessionId: string): void {
    this.#changedTodos.beginStep(sessionId);
  }

  /** Changes what a call was given, in place, before it runs. */
  async amend(call: Call, args: unknown): Promise<void> {
    await this.#guard('What the user changed could not be put into the todos.', (executor) =>
      this.#changedTodos.amend(executor, call, args),
    );
  }

  /** Hands to `add` what the agent is told with the answer of a call; each text is told no second time. */
  async tellAfter(call: Call, add: ((told: string) => void) | undefined): Promise<void> {
    await this.#guard('A change of the todos could not be told between two steps.', async (executor) => {
      for (const told of await this.#changedTodos.takeAfter(executor, call)) add?.(told);
    });
    await this.#guard('Something could not be told between two steps.', async (executor) => {
      if (add === undefined) return;
      for (const told of await takeTold(executor, call.sessionId)) add(told);
    });
  }

  /** Hands to `add` what the agent is told with the next prompt. */
  async tellWithPrompt(sessionId: string, add: (told: string) => void): Promise<void> {
    await this.#guard('A change of the todos could not be told with a prompt.', async (executor) => {
      const text = await this.#changedTodos.takeNote(executor, sessionId);
      if (text !== undefined) add(text);
    });
  }

  /** Hands to `add` what a compaction of the session is to keep. */
  async keepThroughCompaction(sessionId: string, add: (kept: string) => void): Promise<void> {
    await this.#guard('A compaction could not be told what to keep.', async (executor) => {
      for (const kept of await gatherCompactionContext(executor, sessionId)) add(kept);
    });
  }

  /** Hands to `add` what is said of a tool of ours beside its description. */
  async describe(toolId: string, add: (remark: string) => void): Promise<void> {
    const remark = agentTools.find(({ name }) => name === toolId)?.remark;
    if (remark === undefined) return;
    await this.#guard('A tool could not be described.', async (executor) => add(await remark(executor)));
  }

  #answer(): void {
    const { directory, atOnce } = this.#ports;
    const text = printCompanionAnswer({
      version: companionVersion,
      hooks: [...this.called.names],
      ...(atOnce && { atOnce: [...atOnce] }),
      todos: true,
      stopAll: createUserProof(this.#storage, this.#log).make(stopAllWords(directory)),
    });
    this.#openWithin()
      .then((within) => within.tell(text))
      .catch((error: unknown) => this.#log.warn('The editor could not be answered.', error));
  }

  #open(): Promise<Executor> {
    if (this.#isRetired && this.#executor === undefined) return Promise.reject(new Error('It has retired.'));
    this.#executor ??= this.#begin().catch((error: unknown) => {
      this.#executor = undefined;
      throw error;
    });
    return this.#executor;
  }

  #openWithin(): Promise<Within> {
    this.#within ??= this.#ports.open(this.kept).catch((error: unknown) => {
      this.#within = undefined;
      throw error;
    });
    return this.#within;
  }

  async #begin(): Promise<Executor> {
    const { directory, options } = this.#ports;
    const within = await this.#openWithin();
    const proof = createUserProof(this.#storage, this.#log);
    const policy = new ReceivePolicy({ ...options, directory, kept: this.#keptFor, proof });
    const executor = createExecutor({
      openCode: within.openCode,
      directory,
      kept: this.kept,
      proof,
      hold: this.#hold,
      ledger: new LedgerFiles(this.#storage, this.#log, Date.now),
      hopLimit: options.hopLimit ?? defaultHopLimit,
      policy,
      showToast: (toast) => within.showToast(toast),
      log: this.#log,
    });
    within.onDidHear((told) => {
      policy.take(told);
      executor.take(told);
    });
    this.#hear = (event) => within.hear(event);
    // It goes on meanwhile: what is told until then is applied afterwards.
    executor.start().catch((error: unknown) => this.#log.warn('The sessions could not be read.', error));
    return executor;
  }

  /** A hook that throws breaks the prompt of a person. */
  async #guard(message: string, act: (executor: Executor) => Promise<void>): Promise<void> {
    try {
      await act(await this.#open());
    } catch (error) {
      this.#log.warn(message, error);
    }
  }
}
