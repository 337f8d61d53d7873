import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Events, ServerEvent } from '../state/events.ts';
import type { Metadata, Tool, ToolContext, ToolResult } from '../tools/tool.ts';

export interface PluginSurroundings {
  readonly directory: string;
  readonly events: Events;
  readonly dataFolder: string;
  readonly server: () => { readonly url: string; readonly password: string };
}

type Hook = (event: object) => unknown;

interface PluginTool {
  readonly name: string;
  readonly description?: string;
  readonly input?: Metadata;
  readonly execute: (
    input: Metadata,
    context: object,
  ) => Promise<Partial<ToolResult> & { readonly output?: string }>;
}

export interface PluginCommand {
  readonly name: string;
  readonly description?: string;
  readonly template: string;
}

interface PluginAsked {
  readonly sessionID: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly save?: readonly string[];
  readonly source: { readonly type: 'tool'; readonly messageID: string; readonly id: string };
  readonly metadata?: Metadata;
}

/** The calls of plugins' tools, by their ids: whichever plugin asks for one. */
const running = new Map<string, ToolContext>();

/** What a plugin's `setup` gets, and what it left there. */
export function makePluginContext(id: string, options: object, surroundings: PluginSurroundings) {
  const { events, directory } = surroundings;
  const tools = new Map<string, Tool>();
  const hooks = new Map<string, Hook[]>();
  const methods = new Map<string, (input: unknown) => unknown>();
  const commands: PluginCommand[] = [];
  const closed = new AbortController();
  const hookOf = (prefix: string) => ({
    hook: (name: string, hook: Hook): void => {
      const key = `${prefix}.${name}`;
      hooks.set(key, [...(hooks.get(key) ?? []), hook]);
    },
  });
  const list = (path: string) => (): Promise<unknown> => ask(surroundings, 'GET', path);
  const context = {
    id,
    options,
    location: { directory },
    tool: {
      ...hookOf('tool'),
      transform: (change: (all: { add: (tool: PluginTool) => void }) => void): void =>
        change({ add: (tool) => void tools.set(tool.name, toTool(tool)) }),
    },
    command: {
      list: list('/api/command'),
      transform: (change: (all: { add: (command: PluginCommand) => void }) => void): void =>
        change({ add: (command) => void commands.push(command) }),
    },
    permission: {
      ask: async ({ source, metadata = {}, ...asked }: PluginAsked): Promise<void> => {
        const call = running.get(source.id);
        if (call === undefined) throw new Error(`No call of the plugin runs by the id ${source.id}.`);
        await call.allow({ ...asked, metadata });
      },
    },
    session: hookOf('session'),
    event: { subscribe: () => subscribe(events, directory, closed.signal) },
    storage: makeStorage(join(surroundings.dataFolder, 'plugins', encodeURIComponent(id))),
    rpc: {
      register: (method: string, answer: (input: unknown) => unknown): void =>
        void methods.set(method, answer),
      emit: (name: string, data: object): void => events.tell(`rpc.${id}.${name}`, { ...data }, directory),
    },
    agent: { list: list('/api/agent') },
    model: { list: list('/api/model') },
    provider: { list: list('/api/provider') },
    skill: { list: list('/api/skill') },
  };
  return { id, context, tools, hooks, methods, commands, close: () => closed.abort() };
}

function toTool({ name, description = '', input = { type: 'object' }, execute }: PluginTool): Tool {
  return {
    name,
    description,
    input,
    run: async (given, context: ToolContext) => {
      await context.allow({ action: name, resources: ['*'], save: ['*'] });
      const { sessionID, agent, messageID, id, progress, signal } = context;
      running.set(id, context);
      const asking = { sessionID, agent: agent.id, messageID, id, progress, signal };
      const result = await execute(given, asking).finally(() => running.delete(id));
      const { content = [{ type: 'text', text: result.output ?? '' }], metadata } = result;
      return { content, ...(metadata === undefined ? {} : { metadata }) };
    },
  };
}

/** The events of the plugin's own folder, until it is closed. */
async function* subscribe(
  events: Events,
  directory: string,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const waiting: ServerEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const leave = events.subscribe((event) => {
    if (event.location !== undefined && event.location.directory !== directory) return;
    waiting.push(event);
    wake.resolve();
  });
  signal.addEventListener('abort', () => wake.resolve());
  try {
    while (!signal.aborted) {
      yield* waiting.splice(0);
      await wake.promise;
      wake = Promise.withResolvers();
    }
  } finally {
    leave();
  }
}

function makeStorage(folder: string) {
  const fileOf = (key: string): string => join(folder, `${encodeURIComponent(key)}.json`);
  return {
    get: (key: string): Promise<unknown> => {
      try {
        return Promise.resolve(JSON.parse(readFileSync(fileOf(key), 'utf8')) as unknown);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Promise.resolve(undefined);
        return Promise.reject(error);
      }
    },
    set: (key: string, value: unknown): Promise<void> => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(key), JSON.stringify(value));
      return Promise.resolve();
    },
  };
}

async function ask(
  { server, directory }: PluginSurroundings,
  method: string,
  path: string,
): Promise<unknown> {
  const { url, password } = server();
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`,
      'content-type': 'application/json',
      'x-opencode-directory': encodeURIComponent(directory),
    },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
