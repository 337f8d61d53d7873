import { Rejected } from '../places/permissions.ts';
import { makeId } from '../state/ids.ts';
import { type AssistantMessage, type Content, type Failure, noTokens } from '../state/records.ts';
import { type Chunk, ProviderFailure, streamChat } from './modelClient.ts';
import { contextOf, systemOf, toChatMessages } from './modelMessages.ts';
import { aborted, Interrupted, RunFailure } from './runEnds.ts';
import type { StepOrder } from './stepOrder.ts';
import { StepTools, toolsOf } from './stepTools.ts';

const firstRetryAfter = 2_000;

/** One answer of the model, with the calls that it makes: one assistant message. */
export class Step {
  readonly #order: StepOrder;
  readonly #id = makeId('msg');
  readonly #created = Date.now();
  #message: AssistantMessage;
  #content: Content[] = [];
  /** What streams into the last content, which is stored at its end only. */
  #open: { readonly kind: 'text' | 'reasoning'; readonly ordinal: number; text: string } | undefined;
  #tools: StepTools;
  #tokens = noTokens;
  #finish = 'stop';

  constructor(order: StepOrder) {
    this.#order = order;
    const { agent, model, stored } = order;
    this.#message = {
      id: this.#id,
      type: 'assistant',
      agent: agent.id,
      model: {
        id: model.id,
        providerID: model.providerID,
        variant: stored.session.model?.variant ?? 'default',
      },
      content: [],
      cost: 0,
      tokens: noTokens,
      time: { created: this.#created },
    };
    this.#tools = this.#makeTools();
  }

  #makeTools(): StepTools {
    return new StepTools(this.#order, this.#id, () => this.#put());
  }

  /** Answers whether the model waits for what its calls gave. Throws `Interrupted` or `RunFailure`. */
  async run(): Promise<boolean> {
    const { rooms, stored, place } = this.#order;
    const { directory } = stored.session.location;
    const start = place.config.snapshots ? await rooms.snapshots.take(directory) : undefined;
    if (start !== undefined) this.#message = { ...this.#message, snapshot: { start } };
    try {
      for (let attempt = 1; !(await this.#attempt(attempt, start)); attempt += 1);
      await this.#tools.allEnded();
    } catch (error) {
      this.#tools.abort();
      await this.#tools.allSettled();
      throw this.#fail(error);
    }
    await this.#end(start);
    return this.#finish === 'tool-calls';
  }

  /** Answers false where the same is to be asked again. */
  async #attempt(attempt: number, snapshot: string | undefined): Promise<boolean> {
    const { stored, rooms, signal } = this.#order;
    this.#content = [];
    this.#tools = this.#makeTools();
    this.#put();
    const { agent, model } = this.#message;
    this.#tell('session.step.started', { agent, model, snapshot });
    try {
      await this.#stream();
      return true;
    } catch (error) {
      if (!(error instanceof ProviderFailure && error.isPassing)) throw error;
      this.#closeOpen();
      const after = firstRetryAfter * 2 ** Math.min(attempt - 1, 4);
      const retry = { attempt, at: Date.now() + after, error: error.failure };
      this.#message = { ...this.#message, retry };
      this.#put();
      rooms.events.durable(stored, 'session.retry.scheduled', { assistantMessageID: this.#id, ...retry });
      await pause(after, signal);
      return false;
    }
  }

  async #stream(): Promise<void> {
    const { stored, place, agent, model, signal } = this.#order;
    const tools = toolsOf(place);
    const context = {
      sessionID: stored.session.id,
      agent: agent.id,
      system: [systemOf(agent, place.directory)],
      messages: toChatMessages(contextOf(stored).filter(({ id }) => id !== this.#id)),
      tools: tools.map(({ name, description, input }) => ({ name, description, input })),
    };
    await place.plugins.run('session.context', context);
    const messages = [{ role: 'system' as const, content: context.system.join('\n\n') }, ...context.messages];
    const request = { model, sessionID: stored.session.id, messages, tools: context.tools, signal };
    for await (const chunk of streamChat(request)) {
      signal.throwIfAborted();
      this.#read(chunk);
    }
    this.#closeAll();
    this.#tell('session.step.streamed', {});
    this.#message = { ...this.#message, time: { created: this.#created, streamed: Date.now() } };
    this.#put();
  }

  #read(chunk: Chunk): void {
    switch (chunk.type) {
      case 'text':
      case 'reasoning':
        return this.#readText(chunk.type, chunk.text);
      case 'call': {
        this.#closeOpen();
        const call = this.#tools.read(chunk);
        if (call !== undefined) this.#content.push(call);
        return this.#put();
      }
      case 'finish':
        this.#finish = chunk.reason;
        return;
      case 'tokens':
        this.#tokens = chunk.tokens;
    }
  }

  #readText(kind: 'text' | 'reasoning', text: string): void {
    if (this.#open?.kind !== kind) {
      this.#closeAll();
      const ordinal = this.#content.filter(({ type }) => type === kind).length;
      this.#open = { kind, ordinal, text: '' };
      this.#content.push(
        kind === 'text' ? { type: kind, text: '' } : { type: kind, text: '', time: { created: Date.now() } },
      );
      this.#put();
      this.#tell(`session.${kind}.started`, { ordinal });
    }
    this.#open.text += text;
    const { ordinal } = this.#open;
    const data = { assistantMessageID: this.#id, ordinal, delta: text };
    this.#order.rooms.events.passing(this.#order.stored, `session.${kind}.delta`, data);
  }

  #closeAll(): void {
    this.#closeOpen();
    this.#tools.closeInput();
  }

  #closeOpen(): void {
    if (this.#open === undefined) return;
    const { kind, ordinal, text } = this.#open;
    this.#open = undefined;
    const last = this.#content.at(-1);
    if (last?.type === 'text') last.text = text;
    if (last?.type === 'reasoning') {
      last.text = text;
      last.time = { ...last.time, completed: Date.now() };
    }
    this.#put();
    this.#tell(`session.${kind}.ended`, { ordinal, text });
  }

  async #end(start: string | undefined): Promise<void> {
    const { rooms, stored } = this.#order;
    const end =
      start === undefined ? undefined : await rooms.snapshots.take(stored.session.location.directory);
    const files = start === undefined || end === undefined ? [] : rooms.snapshots.changedFiles(start, end);
    const { retry: _, ...message } = this.#message;
    this.#message = {
      ...message,
      finish: this.#finish,
      tokens: this.#tokens,
      time: { ...message.time, completed: Date.now() },
      ...(start === undefined || end === undefined ? {} : { snapshot: { start, end, files } }),
    };
    this.#put();
    this.#tell('session.step.ended', {
      finish: this.#finish,
      cost: 0,
      tokens: this.#tokens,
      snapshot: end,
      files,
    });
    const { tokens, cost } = stored.session;
    const total = {
      input: tokens.input + this.#tokens.input,
      output: tokens.output + this.#tokens.output,
      reasoning: tokens.reasoning + this.#tokens.reasoning,
      cache: { read: tokens.cache.read + this.#tokens.cache.read, write: 0 },
    };
    stored.change({ tokens: total });
    rooms.events.passing(stored, 'session.usage.updated', { cost, tokens: total });
  }

  /** Closes what is open; what was said stays. */
  #fail(error: unknown): Error {
    this.#closeOpen();
    const end = this.#toEnd(error);
    const failure: Failure = end instanceof RunFailure ? end.failure : aborted;
    this.#message = {
      ...this.#message,
      finish: 'error',
      error: failure,
      time: { ...this.#message.time, completed: Date.now() },
    };
    this.#put();
    this.#tell('session.step.failed', { error: failure });
    return end;
  }

  #toEnd(error: unknown): Interrupted | RunFailure {
    if (error instanceof Interrupted || error instanceof RunFailure) return error;
    const { signal } = this.#order;
    if (signal.aborted)
      return signal.reason instanceof Interrupted ? signal.reason : new Interrupted('shutdown');
    if (error instanceof Rejected) return new Interrupted('shutdown');
    if (error instanceof ProviderFailure) return new RunFailure(error.failure);
    return new RunFailure({ type: 'unknown', message: String(error) });
  }

  #put(): void {
    this.#order.stored.put(structuredClone({ ...this.#message, content: this.#content }));
  }

  #tell(type: string, data: Record<string, unknown>): void {
    this.#order.rooms.events.durable(this.#order.stored, type, { assistantMessageID: this.#id, ...data });
  }
}

/** Ends early, by the signal's reason. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds);
  const stop = (): void => over.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await over.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
