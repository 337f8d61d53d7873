import type { Place } from '../places/locations.ts';
import { makeId } from '../state/ids.ts';
import type { Failure, InboxItem, Outcome } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import { askModel, findModel } from './askModel.ts';
import { compact } from './compaction.ts';
import type { Rooms } from './rooms.ts';
import { Interrupted, type InterruptReason, RunFailure } from './runEnds.ts';
import { moveSession, rename } from './sessions.ts';
import { Step } from './step.ts';
import { Subagents } from './subagents.ts';

interface Execution {
  readonly ending: AbortController;
  readonly ended: Promise<void>;
}

/** The busy periods of sessions in this process: each has one beginning and one end. */
export class Executions {
  readonly #rooms: Rooms;
  readonly #running = new Map<string, Execution>();
  readonly #subagents: Subagents;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    this.#subagents = new Subagents(rooms, this);
  }

  get active(): readonly string[] {
    return [...this.#running.keys()];
  }

  isRunning(sessionID: string): boolean {
    return this.#running.has(sessionID);
  }

  /** Has what waits in a session done, unless that is being done. */
  wake(stored: StoredSession): void {
    const { id } = stored.session;
    if (this.#running.has(id)) return;
    const ending = new AbortController();
    const ended = this.#execute(stored, ending.signal).catch((error: unknown) => {
      // Another process has deleted it meanwhile.
      this.#running.delete(id);
      console.error(`execution of ${id}: ${String(error)}`);
    });
    this.#running.set(id, { ending, ended });
  }

  async whenIdle(sessionID: string): Promise<void> {
    await this.#running.get(sessionID)?.ended;
  }

  /** Answers whether anything ran. */
  async interrupt(sessionID: string, reason: InterruptReason = 'user'): Promise<boolean> {
    const running = this.#running.get(sessionID);
    if (running === undefined) return false;
    running.ending.abort(new Interrupted(reason));
    await running.ended;
    return true;
  }

  background(sessionID: string): void {
    this.#subagents.background(sessionID);
  }

  async shutDown(): Promise<void> {
    await Promise.all(this.active.map((id) => this.interrupt(id, 'shutdown')));
  }

  async #execute(stored: StoredSession, signal: AbortSignal): Promise<void> {
    const { events } = this.#rooms;
    const { id } = stored.session;
    // Whoever wakes it has its own answer first.
    await Promise.resolve();
    events.durable(stored, 'session.execution.started');
    let end: Interrupted | RunFailure | undefined;
    try {
      await this.#drain(stored, signal);
    } catch (error) {
      end = toEnd(error, signal);
    }
    this.#running.delete(id);
    if (end instanceof Interrupted) {
      // A shutdown is to be continued: it leaves no record.
      if (end.reason !== 'shutdown') settle(stored, 'interrupted');
      return events.durable(stored, 'session.execution.interrupted', { reason: end.reason });
    }
    if (end !== undefined) {
      settle(stored, 'failed', end.failure);
      return events.durable(stored, 'session.execution.failed', { error: end.failure });
    }
    settle(stored, 'succeeded');
    events.durable(stored, 'session.execution.succeeded');
    // What came between the last look and the end.
    if (nextDue(stored, false).length > 0) return this.wake(stored);
    void this.giveTitle(stored).catch((error: unknown) => console.error(`title: ${String(error)}`));
  }

  async #drain(stored: StoredSession, signal: AbortSignal): Promise<void> {
    let isOwed = false;
    for (;;) {
      signal.throwIfAborted();
      const due = nextDue(stored, isOwed);
      if (due.length === 0 && !isOwed) return;
      const place = await this.#rooms.locations.open(stored.session.location.directory);
      const agent = this.#agentOf(stored, place);
      this.#announceInstructions(stored);
      for (const item of due) isOwed = (await this.#deliver(stored, place, item, signal)) || isOwed;
      if (!isOwed) continue;
      const model = this.#modelOf(stored, place);
      if (isFull(stored, model.limit)) {
        await compact({ rooms: this.#rooms, stored, place, model, reason: 'auto', signal });
      }
      isOwed = await new Step({
        rooms: this.#rooms,
        stored,
        place,
        agent,
        model,
        signal,
        runSubagent: (order, context) => this.#subagents.run(stored, order, context),
      }).run();
    }
  }

  /** Answers whether the model has something to answer. */
  async #deliver(
    stored: StoredSession,
    place: Place,
    item: InboxItem,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { events } = this.#rooms;
    const { id, time } = item;
    stored.write({ left: id });
    const isMessage = item.type === 'user' || item.type === 'synthetic';
    if (item.type === 'user') stored.put({ id, type: item.type, ...item.payload, time });
    if (item.type === 'synthetic') stored.put({ id, type: item.type, ...item.payload, time });
    events.durable(stored, 'session.inbox.delivered', { inboxID: id });
    if (item.type === 'move') moveSession(this.#rooms, stored, item.payload.directory);
    if (item.type === 'compaction') {
      const model = this.#modelOf(stored, place);
      await compact({ rooms: this.#rooms, stored, place, model, reason: 'manual', id, signal });
    }
    return isMessage;
  }

  #agentOf({ session }: StoredSession, { config }: Place) {
    const id = session.agent ?? config.defaultAgent;
    const agent = config.agents.find((agent) => agent.id === id);
    if (agent === undefined) throw new RunFailure({ type: 'unknown', message: `Agent not found: ${id}` });
    return agent;
  }

  #modelOf({ session }: StoredSession, place: Place) {
    const agent = place.config.agents.find(({ id }) => id === (session.agent ?? place.config.defaultAgent));
    const ref = session.model ?? agent?.model ?? place.config.model;
    const model = findModel(place, ref);
    if (model !== undefined) return model;
    const name = ref === undefined ? 'none' : `${ref.providerID}/${ref.id}`;
    throw new RunFailure({ type: 'provider.no-route', message: `Model not found: ${name}` });
  }

  /** A fork, and whoever was given instructions, is told once what surrounds it. */
  #announceInstructions(stored: StoredSession): void {
    const texts = [
      ...(stored.session.fork === undefined
        ? []
        : [`Working directory: ${stored.session.location.directory}`]),
      ...[...stored.instructions].map(([key, value]) => `${key}: ${value}`),
    ];
    const told = new Set(
      stored.messages.flatMap((message) => (message.type === 'system' ? message.text : [])),
    );
    const missing = texts.filter((text) => !told.has(text));
    if (missing.length === 0) return;
    this.#rooms.events.durable(stored, 'session.instructions.updated', {});
    for (const text of missing) {
      stored.put({ id: makeId('msg'), type: 'system', text, time: { created: Date.now() } });
    }
  }

  /** Names a session that has no title after what it was asked. */
  async giveTitle(stored: StoredSession): Promise<void> {
    const asked = stored.messages.find((message) => message.type === 'user');
    if (stored.session.title || asked?.type !== 'user') return;
    const place = await this.#rooms.locations.open(stored.session.location.directory);
    const messages = [
      { role: 'system' as const, content: 'You are a title generator. Answer with a title of few words.' },
      { role: 'user' as const, content: asked.text },
    ];
    const title = await askModel(place, this.#modelOf(stored, place), messages, {
      sessionID: stored.session.id,
      withTools: false,
    });
    const isThere = this.#rooms.store.find(stored.session.id) !== undefined;
    if (isThere && !stored.session.title && title !== '') rename(this.#rooms, stored, title);
  }
}

/** What enters before the next step: all that is steered in; when the model owes nothing, else the first of the queue. */
function nextDue(stored: StoredSession, isOwed: boolean): readonly InboxItem[] {
  const steered = stored.inbox.filter(({ delivery }) => delivery === 'steer');
  if (isOwed || steered.some(({ id }) => !stored.isParked(id))) return steered;
  const queued = stored.inbox.find(({ id, delivery }) => delivery === 'queue' && !stored.isParked(id));
  return queued === undefined ? [] : [queued];
}

function isFull(
  stored: StoredSession,
  limit: { readonly context: number; readonly output: number },
): boolean {
  const last = stored.messages.findLast(({ type }) => type === 'assistant' || type === 'compaction');
  if (last?.type !== 'assistant') return false;
  const { input, output, cache } = last.tokens;
  return input + output + cache.read >= limit.context - limit.output;
}

function toEnd(error: unknown, signal: AbortSignal): Interrupted | RunFailure {
  if (error instanceof Interrupted || error instanceof RunFailure) return error;
  if (signal.aborted)
    return signal.reason instanceof Interrupted ? signal.reason : new Interrupted('shutdown');
  return new RunFailure({ type: 'unknown', message: error instanceof Error ? error.message : String(error) });
}

/** Leaves the record of how it ended, and the mark of when. */
function settle(stored: StoredSession, outcome: Outcome, error?: Failure): void {
  const idle = Date.now();
  stored.put({
    id: makeId('msg'),
    type: 'idle',
    outcome,
    time: { created: idle },
    ...(error === undefined ? {} : { error }),
  });
  stored.change({ outcome, time: { ...stored.session.time, idle } });
}
