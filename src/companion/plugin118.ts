import { homedir } from 'node:os';
import * as z from 'zod';
import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { defaultHopLimit } from '../core/turns/relayQueue.ts';
import { companionQuestion, printCompanionAnswer, stopAllWords } from '../protocol/companion.ts';
import { Receive } from '../protocol/signs.ts';
import { partIdAfter } from '../server/openCode118/partId.ts';
import { openWithin118, type Within118 } from '../server/openCode118/within118.ts';
import { LedgerFiles } from '../server/ledgerFiles.ts';
import { HoldFile } from '../server/holdFile.ts';
import { sharedStorage } from '../server/sharedStorage.ts';
import { createUserProof } from '../server/userProof.ts';
import { takeTold } from './betweenSteps.ts';
import { CalledHooks } from './calledHooks.ts';
import { ChangedTodos } from './changedTodos.ts';
import { CallOrder } from './executor/callOrder.ts';
import { gatherCompactionContext } from './compacting.ts';
import { standIn } from './copies.ts';
import { createExecutor, type Executor } from './executor/executor.ts';
import { KeptFiles } from './executor/keptFiles.ts';
import { ReceivePolicy } from './executor/receivePolicy.ts';
import { configure } from './configuration118.ts';
import type { AgentTool } from './tools/agentTool.ts';
import { readSessionTool } from './tools/readSession.ts';
import { sessionTool } from './tools/session.ts';
import { sessionHandoffTool } from './tools/sessionHandoff.ts';
import { sessionListTool } from './tools/sessionList.ts';
import { sessionMergeTool } from './tools/sessionMerge.ts';
import { sessionSendTool } from './tools/sessionSend.ts';
import { startTimer, wait } from './executor/timers.ts';
import { companionVersion } from './version.ts';

// What OpenCode 1.18 hands to a plugin and takes from it, as far as it is used here (`@opencode-ai/plugin`, 1.18.33).

interface PluginInput {
  readonly directory: string;
  readonly client: {
    readonly _client: {
      getConfig(): {
        readonly baseUrl?: string;
        readonly fetch?: (request: Request) => Promise<Response>;
        /** Of every request: the password, where there is one. */
        readonly headers?: HeadersInit;
      };
    };
    readonly app: {
      log(entry: { body: { service: string; level: string; message: string } }): Promise<unknown>;
    };
  };
}

interface ToolContext {
  readonly sessionID: string;
  readonly messageID: string;
  readonly agent: string;
  ask(asked: {
    permission: string;
    patterns: readonly string[];
    always: readonly string[];
    metadata: Readonly<Record<string, unknown>>;
  }): Promise<void>;
}

interface ToolCall {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

interface PromptPart118 {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Milliseconds; by then the server has all of its plugins, and answers them. */
const beginDelay = 2000;

const Options = z
  .object({
    hopLimit: z.number().optional().catch(undefined),
    receive: Receive.optional().catch(undefined),
  })
  .catch({});

const Question = z.object({
  type: z.literal('tui.command.execute'),
  properties: z.object({ command: z.literal(companionQuestion) }),
});

/** The half of 1.18 and 1.19. Nothing is asked of the server here: it would wait for this very function for ever. */
export async function server(input: PluginInput, options: unknown): Promise<Record<string, unknown>> {
  const companion = new Companion118(input, Options.parse(options));
  const hooks = companion.hooks();
  const retire = (): void => {
    void companion.retire();
    // The server keeps this very object, and looks there for a hook each time (1.18.33).
    for (const name of Object.keys(hooks)) Reflect.deleteProperty(hooks, name);
  };
  if (!standIn(input, { version: companionVersion, retire })) return {};
  companion.beginSoon();
  return hooks;
}

class Companion118 {
  readonly #input: PluginInput;
  readonly #options: z.infer<typeof Options>;
  readonly #log: Log;
  readonly #storage = sharedStorage(process.env, homedir());
  readonly #hold: HoldFile;
  readonly #kept: KeptFiles;
  readonly #keptFor = (directory: string): KeptFiles =>
    directory === this.#input.directory ? this.#kept : new KeptFiles(this.#storage, directory, this.#log);
  readonly #calls = new CallOrder();
  readonly #changedTodos = new ChangedTodos();
  #executor: Promise<Executor> | undefined;
  #beginning: Disposable | undefined;
  #hear: ((event: unknown) => void) | undefined;
  #within: Promise<Within118> | undefined;
  /** Whether an editor asked, and so hears of each hook that is called for the first time. */
  #isAsked = false;
  readonly #called = new CalledHooks(() => {
    if (this.#isAsked) this.#answer();
  });

  constructor(input: PluginInput, options: z.infer<typeof Options>) {
    this.#input = input;
    this.#options = options;
    this.#log = serverLog(input);
    this.#hold = new HoldFile(this.#storage, this.#log);
    this.#kept = new KeptFiles(this.#storage, input.directory, this.#log);
  }

  hooks(): Record<string, unknown> {
    return this.#called.note({
      config: async (config: Record<string, unknown>) => configure(config),
      event: async ({ event }: { event: unknown }) => this.#heard(event),
      tool: this.#tools(),
      'tool.definition': async (
        { toolID }: { toolID: string },
        definition: { description: string },
      ): Promise<void> => this.#describe(toolID, definition),
      'chat.message': async (
        { sessionID }: { sessionID: string },
        prompt: { message: { readonly id: string }; parts: PromptPart118[] },
      ): Promise<void> => this.#tellWithPrompt(sessionID, prompt),
      'chat.params': async ({ sessionID }: { sessionID: string }): Promise<void> =>
        this.#changedTodos.beginStep(sessionID),
      'tool.execute.before': async (call: ToolCall, { args }: { args: unknown }): Promise<void> =>
        this.#amend(call, args),
      'tool.execute.after': async (call: ToolCall, answer: { output?: unknown }): Promise<void> =>
        this.#tellBetweenSteps(call, answer),
      'experimental.session.compacting': async (
        { sessionID }: { sessionID: string },
        { context }: { context: string[] },
      ): Promise<void> => this.#keepThroughCompaction(sessionID, context),
      dispose: async () => this.retire(),
    });
  }

  /** Begins although nothing happens: an instance that began anew in the middle of a turn may hold what waits since then. */
  beginSoon(): void {
    this.#beginning = startTimer(() => this.#wake(undefined), beginDelay);
  }

  /** Ends what it does, without a word from here on. */
  async retire(): Promise<void> {
    this.#isAsked = false;
    this.#beginning?.dispose();
    this.#hold.dispose();
    try {
      (await this.#executor)?.dispose();
    } catch (error) {
      this.#log.warn('It could not be ended.', error);
    }
  }

  /** The first event says that the instance lives and may be asked. */
  #heard(event: unknown): void {
    if (isQuestion(event)) {
      this.#isAsked = true;
      this.#answer();
    }
    this.#wake(event);
  }

  #wake(event: unknown): void {
    this.#open()
      .then(() => (event === undefined ? undefined : this.#hear?.(event)))
      .catch((error: unknown) => this.#log.warn('An event could not be taken.', error));
  }

  /** Says who it is, and which of its hooks were called. */
  #answer(): void {
    const text = printCompanionAnswer({
      version: companionVersion,
      hooks: [...this.#called.names],
      todos: true,
      stopAll: createUserProof(this.#storage, this.#log).make(stopAllWords(this.#input.directory)),
    });
    this.#openWithin()
      .then((within) => within.tell(text))
      .catch((error: unknown) => this.#log.warn('The editor could not be answered.', error));
  }

  #open(): Promise<Executor> {
    this.#executor ??= this.#begin();
    return this.#executor;
  }

  #openWithin(): Promise<Within118> {
    this.#within ??= this.#beginWithin();
    return this.#within;
  }

  async #beginWithin(): Promise<Within118> {
    const { directory, client } = this.#input;
    const {
      baseUrl = 'http://localhost',
      fetch: send = globalThis.fetch,
      headers,
    } = client._client.getConfig();
    const authorization = new Headers(headers).get('authorization');
    const fetch = (request: Request): Promise<Response> => {
      if (authorization !== null) request.headers.set('authorization', authorization);
      return send(request);
    };
    return openWithin118({ baseUrl, fetch, directory, kept: this.#kept, wait, log: this.#log });
  }

  async #begin(): Promise<Executor> {
    const { directory } = this.#input;
    const within = await this.#openWithin();
    const proof = createUserProof(this.#storage, this.#log);
    const policy = new ReceivePolicy({ ...this.#options, directory, kept: this.#keptFor, proof });
    const executor = createExecutor({
      openCode: within.openCode,
      directory,
      kept: this.#kept,
      proof,
      hold: this.#hold,
      ledger: new LedgerFiles(this.#storage, this.#log, Date.now),
      hopLimit: this.#options.hopLimit ?? defaultHopLimit,
      policy,
      showToast: (toast) => within.showToast(toast),
      log: this.#log,
    });
    this.#hear = (event) => {
      for (const told of within.hear(event)) {
        policy.take(told);
        executor.take(told);
      }
    };
    // It goes on meanwhile: what is told until then is applied afterwards.
    executor.start().catch((error: unknown) => this.#log.warn('The sessions could not be read.', error));
    return executor;
  }

  #tools(): Record<string, unknown> {
    return Object.fromEntries(
      tools.map(({ name, description, parameters, run }) => {
        const execute = (given: unknown, context: ToolContext) =>
          this.#calls.run(context.sessionID, async (untilTurn) => {
            const executor = await this.#open();
            await executor.start();
            return run(executor, given, {
              sessionId: context.sessionID,
              messageId: context.messageID,
              agent: context.agent,
              untilTurn,
              ask: ({ permission, pattern, metadata }) =>
                context.ask({ permission, patterns: [pattern], always: [pattern], metadata }),
            });
          });
        return [name, { description, args: parameters.shape, execute }];
      }),
    );
  }

  async #amend({ tool, sessionID, callID }: ToolCall, args: unknown): Promise<void> {
    await this.#guard('What the user changed could not be put into the todos.', (executor) =>
      this.#changedTodos.amend(executor, { tool, sessionId: sessionID, callId: callID }, args),
    );
  }

  async #tellBetweenSteps(
    { tool, sessionID, callID }: ToolCall,
    answer: { output?: unknown },
  ): Promise<void> {
    const add = (told: string): void => {
      if (typeof answer.output === 'string') answer.output += `\n\n${told}`;
    };
    await this.#guard('A change of the todos could not be told between two steps.', async (executor) => {
      const call = { tool, sessionId: sessionID, callId: callID };
      for (const told of await this.#changedTodos.takeAfter(executor, call)) add(told);
    });
    await this.#guard('Something could not be told between two steps.', async (executor) => {
      if (typeof answer.output !== 'string') return;
      for (const told of await takeTold(executor, sessionID)) add(told);
    });
  }

  async #tellWithPrompt(
    sessionId: string,
    { message, parts }: { message: { readonly id: string }; parts: PromptPart118[] },
  ): Promise<void> {
    await this.#guard('A change of the todos could not be told with a prompt.', async (executor) => {
      const text = await this.#changedTodos.takeNote(executor, sessionId);
      if (text === undefined) return;
      const ids = parts.map(({ id }) => id);
      const place = { id: partIdAfter(message.id, ids), messageID: message.id, sessionID: sessionId };
      parts.push({ ...place, type: 'text', text, synthetic: true });
    });
  }

  async #keepThroughCompaction(sessionId: string, context: string[]): Promise<void> {
    await this.#guard('A compaction could not be told what to keep.', async (executor) => {
      context.push(...(await gatherCompactionContext(executor, sessionId)));
    });
  }

  /** A hook that throws breaks the prompt of a person. */
  async #guard(message: string, act: (executor: Executor) => Promise<void>): Promise<void> {
    try {
      await act(await this.#open());
    } catch (error) {
      this.#log.warn(message, error);
    }
  }

  async #describe(toolId: string, definition: { description: string }): Promise<void> {
    const remark = tools.find(({ name }) => name === toolId)?.remark;
    if (remark === undefined) return;
    await this.#guard('A tool could not be described.', async (executor) => {
      const remarked = await remark(executor);
      definition.description += `\n\n${remarked}`;
    });
  }
}

/** Most events are pieces of answers, and a parse that fails costs many times one that succeeds. */
function isQuestion(event: unknown): boolean {
  const { type } = event as { readonly type?: unknown };
  return type === Question.shape.type.value && Question.safeParse(event).success;
}

const tools: readonly AgentTool[] = [
  sessionTool,
  sessionHandoffTool,
  readSessionTool,
  sessionListTool,
  sessionMergeTool,
  sessionSendTool,
];

/** The server's own log: standard output is the terminal's. */
function serverLog({ client }: PluginInput): Log {
  const write =
    (level: string) =>
    (message: string, ...details: readonly unknown[]): void => {
      const words = [message, ...details.map((detail) => describe(detail))].join(' ');
      void client.app
        .log({ body: { service: 'opencode-sessions', level, message: words } })
        .then(undefined, () => undefined);
    };
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
}

function describe(detail: unknown): string {
  return detail instanceof Error ? (detail.stack ?? detail.message) : (JSON.stringify(detail) ?? '');
}
