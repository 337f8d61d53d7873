import * as z from 'zod';
import type { Log } from '../core/log.ts';
import { companionQuestion, companionRpc, signEventType } from '../protocol/companion.ts';
import { OwnServer } from '../server/openCode2/within/ownServer.ts';
import { openWithin2 } from '../server/openCode2/within/within2.ts';
import type { Call } from './changedTodos.ts';
import { instanceOf, leave, standIn, standingCopy } from './copies.ts';
import { wait } from './executor/timers.ts';
import { CompanionOptions, RunningCompanion } from './runningCompanion.ts';
import { terminalCommands } from './terminalCommands.ts';
import { agentTools } from './tools/tools.ts';
import type { AgentTool } from './tools/agentTool.ts';
import { companionVersion } from './version.ts';
import { askUser } from './asking2.ts';
import type { HookEvent, PluginContext2, Storage2, Tool2, ToolContext2, ToolResult2 } from './context2.ts';
import { addSystem, addToPrompt, contentOf, describeTool } from './hookEvents2.ts';
import { listenTo } from './listening2.ts';
import { TodoList, todoTool } from './todoList.ts';

const Sign = z.object({ text: z.string() });
const OfSession = z.object({ sessionID: z.string() });
const CallOf = z.object({ tool: z.string(), sessionID: z.string(), id: z.string() });
const Deleted = z.object({ type: z.literal('session.deleted'), data: OfSession });

/**
 * The half of 2.x; answers with what ends it. A setup that throws leaves nothing but a line in the server's log, so each
 * part that the server does not take is passed over by itself, and the rest goes on.
 */
export async function setup(context: PluginContext2): Promise<() => Promise<void>> {
  const log = serverLog();
  const directory = context.location?.directory;
  if (typeof directory !== 'string') {
    log.error('OpenCode does not say in which folder it is, so it does nothing.');
    return () => Promise.resolve();
  }
  const companion = new Companion2(context, directory, log);
  return companion.begin();
}

class Companion2 {
  readonly #context: PluginContext2;
  readonly #directory: string;
  readonly #log: Log;
  readonly #running: RunningCompanion;
  readonly #todos: TodoList;
  readonly #server = new OwnServer(process);
  readonly #closing = new AbortController();
  /** Whether the way to the server is known: what happened before is read when it is. */
  #isOpen = false;

  constructor(context: PluginContext2, directory: string, log: Log) {
    this.#context = context;
    this.#directory = directory;
    this.#log = log;
    this.#running = new RunningCompanion({
      directory,
      options: CompanionOptions.parse(context.options),
      open: async () => {
        const endpoint = await this.#server.find();
        const within = openWithin2({
          endpoint,
          signal: this.#closing.signal,
          directory,
          listTodos: (sessionId) => this.#todos.list(sessionId),
          tell: async (text) => this.#tell(companionRpc.sign, { text }),
          wait,
          log,
        });
        this.#isOpen = true;
        return within;
      },
      atOnce: ['event'],
      log,
    });
    this.#todos = new TodoList(this.#storage(), (sessionID, todos) => {
      this.#tell(companionRpc.todos, { sessionID, todos });
    });
  }

  async begin(): Promise<() => Promise<void>> {
    const instance = instanceOf(this.#directory);
    const copy = {
      version: companionVersion,
      retire: (): void => void this.#end(),
      act: (name: string, ...given: readonly unknown[]): Promise<unknown> => this.#act(name, given),
    };
    if (!standIn(instance, copy)) return () => Promise.resolve();
    // First what an editor asks, who is told of the rest.
    for (const method of [companionRpc.sign, companionRpc.todos]) {
      await this.#attempt(`the method ${method}`, () =>
        this.#context.rpc?.register?.(method, (input) => this.#actingFor(instance, `rpc ${method}`, input)),
      );
    }
    await this.#hook('tool', this.#toolHooks());
    await this.#hook('session', this.#sessionHooks());
    const add = [...agentTools, todoTool].map((tool): Tool2 => {
      const execute = (...given: Parameters<Tool2['execute']>) =>
        this.#actingFor(instance, `tool ${tool.name}`, ...given) as Promise<ToolResult2>;
      return { ...toTool(tool), execute };
    });
    await this.#attempt('its tools', () =>
      this.#context.tool.transform((tools) => {
        for (const tool of add) tools.add(tool);
      }),
    );
    await this.#attempt('its commands', () =>
      this.#context.command?.transform?.((commands) => {
        for (const [name, command] of Object.entries(terminalCommands)) commands.add({ name, ...command });
      }),
    );
    const { event } = this.#running.called.note({ event: (happened: unknown) => this.#heard(happened) });
    listenTo(() => this.#context.event.subscribe(), event, { signal: this.#closing.signal, log: this.#log });
    this.#running.beginSoon();
    return async () => {
      leave(instance, copy);
      await this.#end();
    };
  }

  /** Leaves nothing running. */
  async #end(): Promise<void> {
    this.#closing.abort();
    await this.#running.retire();
  }

  /** Servers may go on to call a copy that retired: then the one that acts does it. */
  #actingFor(instance: object, name: string, ...given: readonly unknown[]): Promise<unknown> {
    return standingCopy(instance)?.act?.(name, ...given) ?? this.#act(name, given);
  }

  async #act(name: string, [input, context]: readonly unknown[]): Promise<unknown> {
    switch (name) {
      case `rpc ${companionRpc.sign}`:
        return this.#takeSign(input);
      case `rpc ${companionRpc.todos}`:
        return { todos: await this.#todos.list(OfSession.parse(input).sessionID) };
      case `tool ${todoTool.name}`:
        return this.#todos.write((context as ToolContext2).sessionID, input);
      default: {
        const tool = agentTools.find((one) => name === `tool ${one.name}`);
        if (tool === undefined) throw new Error('The companion has no such tool any more.');
        return this.#call(tool, input, context as ToolContext2);
      }
    }
  }

  /** What an editor says, it says to all. */
  #takeSign(input: unknown): void {
    const { text } = Sign.parse(input);
    this.#server.hear(input);
    this.#tell(companionRpc.sign, { text });
    if (text === companionQuestion) this.#running.asked();
    if (this.#isOpen) this.#running.wake({ type: signEventType, data: { text } });
    else this.#running.wake(undefined);
  }

  #heard(event: unknown): void {
    if (this.#isOpen) this.#running.wake(event);
    const deleted = Deleted.safeParse(event).data?.data.sessionID;
    if (deleted === undefined) return;
    this.#todos.forget(deleted).catch((error: unknown) => {
      this.#log.warn('The todos of a session that is gone are still kept.', error);
    });
  }

  async #call(tool: AgentTool, input: unknown, context: ToolContext2): Promise<ToolResult2> {
    const ports = {
      directory: this.#directory,
      openCode: () => this.#running.openCode(),
      ask: this.#context.permission?.ask?.bind(this.#context.permission),
    };
    const { output, metadata } = await this.#running.run(tool, input, {
      sessionId: context.sessionID,
      messageId: context.messageID,
      agent: context.agent,
      ask: (asked) => askUser(ports, context, asked),
    });
    return { content: [{ type: 'text', text: output }], ...(metadata && { metadata }) };
  }

  #toolHooks() {
    return {
      'execute.before': async (event: HookEvent): Promise<void> => {
        const call = toCall(event);
        if (call === undefined) return;
        const input = structuredClone(event['input']);
        await this.#running.amend(call, input);
        event['input'] = input;
      },
      'execute.after': async (event: HookEvent): Promise<void> => {
        const call = toCall(event);
        const content = contentOf(event);
        if (call !== undefined)
          await this.#running.tellAfter(call, content && ((text) => content.push(text)));
      },
    };
  }

  #sessionHooks() {
    const ofSession =
      (act: (sessionId: string, event: HookEvent) => Promise<void>) =>
      async (event: HookEvent): Promise<void> => {
        const { data } = OfSession.safeParse(event);
        if (data !== undefined) await act(data.sessionID, event);
      };
    return {
      context: ofSession(async (sessionId, event) => {
        this.#running.beginStep(sessionId);
        for (const { name } of agentTools)
          await this.#running.describe(name, (remark) => describeTool(event, name, remark));
      }),
      compaction: ofSession((sessionId, event) =>
        this.#running.keepThroughCompaction(sessionId, (kept) => addSystem(event, kept)),
      ),
      prompt: ofSession((sessionId, event) =>
        this.#running.tellWithPrompt(sessionId, (text) => addToPrompt(event, text)),
      ),
    };
  }

  async #hook(
    domain: 'tool' | 'session',
    hooks: Readonly<Record<string, (event: HookEvent) => Promise<void>>>,
  ): Promise<void> {
    for (const [name, hook] of Object.entries(this.#running.called.note(hooks))) {
      const call = async (event: HookEvent): Promise<void> => {
        if (!this.#closing.signal.aborted) await hook(event);
      };
      await this.#attempt(`the hook ${domain} ${name}`, () => this.#context[domain].hook(name, call));
    }
  }

  #tell(name: string, data: object): void {
    void this.#attempt('what it tells', () => this.#context.rpc?.emit?.(name, data));
  }

  /** What is kept in the plugin's own storage, or else in files of the companion. */
  #storage(): Storage2 {
    const { storage } = this.#context;
    if (storage?.get !== undefined && storage.set !== undefined) return storage as Storage2;
    const kept = this.#running.kept;
    return {
      get: (key) => Promise.resolve(kept.get<unknown>(key, undefined)),
      set: (key, value) => kept.update(key, value),
    };
  }

  async #attempt(what: string, act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#log.warn(`OpenCode did not take ${what}.`, error);
    }
  }
}

function toTool({
  name,
  description,
  parameters,
}: Pick<AgentTool, 'name' | 'description' | 'parameters'>): Omit<Tool2, 'execute'> {
  return { name, description, input: z.toJSONSchema(parameters), options: { codemode: false } };
}

function toCall(event: HookEvent): Call | undefined {
  const { data } = CallOf.safeParse(event);
  return data && { tool: data.tool, sessionId: data.sessionID, callId: data.id };
}

/** The server's own log, which is its standard error. The same is said once: what is away may stay so. */
function serverLog(): Log {
  const said = new Set<string>();
  const write = (message: string, error?: unknown): void => {
    const line = `opencode-sessions: ${message} ${error instanceof Error ? error.message : ''}`.trim();
    if (said.has(line)) return;
    said.add(line);
    process.stderr.write(`${line}\n`);
  };
  return { debug: () => undefined, info: () => undefined, warn: write, error: write };
}
