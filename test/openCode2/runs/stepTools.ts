import type { Place } from '../places/locations.ts';
import { Rejected } from '../places/permissions.ts';
import { makeId } from '../state/ids.ts';
import type { ToolCall, ToolState } from '../state/records.ts';
import { ownTools } from '../tools/ownTools.ts';
import type { Metadata, Tool, ToolContext, ToolResult } from '../tools/tool.ts';
import { toToolInput, toToolName } from '../tools/vocabulary.ts';
import type { Chunk } from './modelClient.ts';
import { aborted, Interrupted } from './runEnds.ts';
import type { StepOrder } from './stepOrder.ts';

type CallChunk = Extract<Chunk, { type: 'call' }>;

/** A plugin's tool takes the place of one of ours. */
export function toolsOf({ plugins }: Place): readonly Tool[] {
  const own = ownTools.filter(({ name }) => !plugins.tools.some((tool) => tool.name === name));
  return [...own, ...plugins.tools];
}

/** The calls of one step: each begins once its arguments are there, and they run side by side. */
export class StepTools {
  readonly #order: StepOrder;
  readonly #messageID: string;
  readonly #put: () => void;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #runs: Promise<void>[] = [];
  #open: { readonly index: number; readonly call: ToolCall; input: string } | undefined;

  constructor(order: StepOrder, messageID: string, put: () => void) {
    this.#order = order;
    this.#messageID = messageID;
    this.#put = put;
    this.#signal = AbortSignal.any([order.signal, this.#ended.signal]);
  }

  /** Reads a piece of a call; answers with the call where it is its first one. */
  read(chunk: CallChunk): ToolCall | undefined {
    let begun: ToolCall | undefined;
    if (this.#open?.index !== chunk.index) {
      this.closeInput();
      begun = {
        type: 'tool',
        id: chunk.id ?? makeId('sh'),
        name: toToolName(chunk.name ?? ''),
        executed: false,
        time: { created: Date.now() },
        state: { status: 'streaming', input: '' },
      };
      this.#open = { index: chunk.index, call: begun, input: '' };
      this.#tell('session.tool.input.started', begun, { name: begun.name });
    }
    const { call } = this.#open;
    this.#open.input += chunk.input;
    call.state = { status: 'streaming', input: this.#open.input };
    const data = { assistantMessageID: this.#messageID, id: call.id, delta: chunk.input };
    this.#order.rooms.events.passing(this.#order.stored, 'session.tool.input.delta', data);
    return begun;
  }

  /** Its arguments are all there: it begins. */
  closeInput(): void {
    if (this.#open === undefined) return;
    const { call, input } = this.#open;
    this.#open = undefined;
    this.#tell('session.tool.input.ended', call, { text: input });
    const run = this.#run(call, input);
    // Whoever waits for all hears of it.
    run.catch(() => undefined);
    this.#runs.push(run);
  }

  /** Throws as soon as one ends the run. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#runs);
  }

  async allSettled(): Promise<void> {
    this.#open = undefined;
    await Promise.allSettled(this.#runs);
  }

  abort(): void {
    this.#ended.abort(new Interrupted('shutdown'));
  }

  async #run(call: ToolCall, text: string): Promise<void> {
    let input: Metadata = {};
    try {
      const tool = toolsOf(this.#order.place).find(({ name }) => name === call.name);
      input = parseInput(text);
      if (tool !== undefined && ownTools.includes(tool)) input = toToolInput(input);
      this.#change(call, { status: 'running', input, metadata: {} }, { ran: Date.now() });
      this.#tell('session.tool.called', call, { input });
      if (tool === undefined) throw new Error(`There is no tool ${call.name}.`);
      const result = await this.#execute(tool, call, input);
      this.#signal.throwIfAborted();
      const { content, metadata = {} } = result;
      this.#change(call, { status: 'completed', input, content, metadata }, { completed: Date.now() });
      this.#tell('session.tool.success', call, { content, metadata });
    } catch (error) {
      const isEnd = this.#signal.aborted || error instanceof Rejected;
      const failure = isEnd ? aborted : { type: 'tool.execution', message: messageOf(error) };
      this.#change(call, { status: 'error', input, error: failure }, { completed: Date.now() });
      this.#tell('session.tool.failed', call, { error: failure });
      if (isEnd) throw error;
    }
  }

  async #execute(tool: Tool, call: ToolCall, input: Metadata): Promise<ToolResult> {
    const { place, agent, stored } = this.#order;
    const { id: sessionID } = stored.session;
    const before = {
      tool: tool.name,
      sessionID,
      agent: agent.id,
      messageID: this.#messageID,
      id: call.id,
      input,
    };
    await place.plugins.run('tool.execute.before', before);
    const result = await tool.run(before.input, this.#contextOf(call));
    const after = { ...before, result: { ...result, content: [...result.content] } };
    await place.plugins.run('tool.execute.after', after);
    return after.result;
  }

  #contextOf(call: ToolCall): ToolContext {
    const { stored, agent, rooms, runSubagent } = this.#order;
    const source = { type: 'tool', messageID: this.#messageID, id: call.id } as const;
    return {
      sessionID: stored.session.id,
      messageID: this.#messageID,
      id: call.id,
      directory: stored.session.location.directory,
      agent,
      signal: this.#signal,
      progress: (metadata) => {
        if (call.state.status !== 'running') return;
        this.#change(call, { ...call.state, metadata });
        const data = { assistantMessageID: this.#messageID, id: call.id, metadata };
        rooms.events.passing(stored, 'session.tool.progress', data);
      },
      allow: ({ save = [], ...asked }) =>
        rooms.permissions.ask(stored, agent.permissions, { ...asked, save, source }, this.#signal),
      askForm: (form) => rooms.forms.ask(stored, form, this.#signal),
      runSubagent: (order) => runSubagent(order, this.#contextOf(call)),
    };
  }

  #change(call: ToolCall, state: ToolState, time: Partial<ToolCall['time']> = {}): void {
    call.state = state;
    call.time = { ...call.time, ...time };
    this.#put();
  }

  #tell(type: string, { id }: ToolCall, data: Record<string, unknown>): void {
    const { rooms, stored } = this.#order;
    rooms.events.durable(stored, type, { assistantMessageID: this.#messageID, id, ...data });
  }
}

function parseInput(text: string): Metadata {
  if (text.trim() === '') return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`The arguments are no object: ${text}`);
  return value as Metadata;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
