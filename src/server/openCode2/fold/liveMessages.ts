import * as z from 'zod';
import type { Log } from '../../../core/log.ts';
import type { SentEvent } from '../../../protocol/events.ts';
import type { MessageWithParts } from '../../../protocol/records.ts';
import { LiveAnswer, recordOfStep } from './liveAnswer.ts';
import { type Asking, beforeAnswers, type Messages2, recordOf, toAsking } from '../records/messages2.ts';
import type { MessageOrder } from '../records/order.ts';
import { isAsking, partIdAt, toMessage } from '../records/toMessage.ts';
import { optionalError, type WireEvent, WireInboxItem, WireMessage } from '../records/wire.ts';

export interface LivePorts {
  readonly messages: Pick<Messages2, 'newest' | 'list' | 'get'>;
  readonly order: MessageOrder;
  readonly tell: (event: SentEvent) => void;
  readonly log: Log;
}

/** What is known of a session while its events come. */
interface Live {
  asking: Asking | undefined;
  /** What those answer that were there when the session was looked at: events before it may still come. */
  askings: ReadonlyMap<string, Asking>;
  answer: LiveAnswer | undefined;
  /** Prompts that do not say who is asked, until an answer does. */
  nameless: readonly WireMessage[];
  /** The same of those that were there when the session was looked at, by the answers behind them. */
  prompts: ReadonlyMap<string, readonly WireMessage[]>;
  /** The summary that is being written. */
  summaryId: string | undefined;
  /** What was taken back and is still listed. */
  reverted: { readonly from: string; readonly ids: readonly string[] } | undefined;
}

const text = z.string().optional().catch(undefined);
const OfMessage = z.object({ assistantMessageID: text, messageID: text });
const Enqueued = z.object({ inboxID: text, item: z.record(z.string(), z.unknown()).catch({}) });
const Delivered = z.object({ inboxID: text });
const Delta = z.object({ text: text, delta: text });
const Retry = z.object({
  attempt: z.number().catch(1),
  at: z.number().optional().catch(undefined),
  error: optionalError,
});

/** Items that wait are remembered up to so many; of others the record is asked for. */
const keptItems = 200;
/** So many messages that were taken back are told one by one. */
const keptReverted = 1000;

/** After these a record is there, or says something else, that no event has whole. */
const asked: ReadonlySet<string> = new Set([
  'compaction.started',
  'compaction.ended',
  'compaction.failed',
  'shell.started',
  'shell.ended',
]);

/** The messages of all sessions as they come about: the records that the server makes, made of its events. */
export class LiveMessages {
  readonly #ports: LivePorts;
  readonly #sessions = new Map<string, Live>();
  readonly #items = new Map<string, WireInboxItem>();

  constructor(ports: LivePorts) {
    this.#ports = ports;
  }

  /** Takes an event of a session, `text.delta`; `after` is called once it is told. */
  take(name: string, sessionId: string, event: WireEvent, after?: () => void): void | Promise<void> {
    if (name === 'inbox.enqueued') return this.#noteItem(event);
    if (name === 'inbox.cancelled') return this.#forgetItem(event);
    const known = this.#sessions.get(sessionId);
    if (known === undefined) {
      if (!isOfMessages(name)) return after?.();
      return this.#begin(sessionId).then((live) => this.#finish(name, sessionId, event, live, after));
    }
    return this.#finish(name, sessionId, event, known, after);
  }

  /** Tells that what stands from a message on is gone; false where it is not known what that is. */
  async removeFrom(sessionID: string, messageId: string): Promise<boolean> {
    const { reverted } = this.#sessions.get(sessionID) ?? {};
    if (reverted?.from !== messageId) return false;
    for (const messageID of reverted.ids) {
      this.#ports.tell({ type: 'message.removed', properties: { sessionID, messageID } });
    }
    this.#ports.order.remove(sessionID, reverted.ids);
    // Answers that follow answer what stands.
    this.#sessions.delete(sessionID);
    return true;
  }

  /** Remembers what a revert takes back: once it is committed, nobody lists that any more. */
  async noteReverted(sessionId: string, from: string): Promise<void> {
    const live = this.#sessions.get(sessionId) ?? (await this.#begin(sessionId));
    const { messages } = await this.#ports.messages.list(sessionId, { limit: keptReverted });
    const at = messages.findIndex(({ info }) => info.id === from);
    live.reverted = at === -1 ? undefined : { from, ids: messages.slice(at).map(({ info }) => info.id) };
  }

  /** A run is over: of what it said and was asked nothing more is to come. */
  rest(sessionId: string): void {
    const live = this.#sessions.get(sessionId);
    if (live === undefined) return;
    Object.assign(live, { answer: undefined, askings: new Map(), prompts: new Map(), nameless: [] });
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.#ports.order.remove(sessionId);
  }

  /** What was there before the stream began, or before it was of use to anybody. */
  async #begin(sessionId: string): Promise<Live> {
    const live: Live = {
      asking: undefined,
      askings: new Map(),
      answer: undefined,
      nameless: [],
      prompts: new Map(),
      summaryId: undefined,
      reverted: undefined,
    };
    this.#sessions.set(sessionId, live);
    await this.#readAnswer(sessionId, live);
    return live;
  }

  async #readAnswer(sessionId: string, live: Live): Promise<void> {
    try {
      const { asking, askings, records } = await this.#ports.messages.newest(sessionId);
      live.asking = asking;
      live.askings = askings;
      live.prompts = promptsBefore(records);
      live.nameless = promptsAt(records, records.length);
      const last = records.findLast(({ type }) => type === 'assistant');
      live.answer = last === undefined ? undefined : this.#answer(sessionId, live, last);
    } catch (error) {
      this.#ports.log.debug('The newest messages of a session could not be had.', sessionId, error);
    }
  }

  #finish(
    name: string,
    sessionId: string,
    event: WireEvent,
    live: Live,
    after?: () => void,
  ): void | Promise<void> {
    const done = this.#apply(name, sessionId, event, live);
    if (done === undefined) return after?.();
    return done.then(after);
  }

  #apply(name: string, sessionId: string, event: WireEvent, live: Live): void | Promise<void> {
    if (asked.has(name)) return this.#tellNewest(name, sessionId, live);
    switch (name) {
      case 'inbox.delivered':
        return this.#deliver(sessionId, live, Delivered.parse(event.data).inboxID);
      case 'compaction.delta':
        return this.#tellSummary(sessionId, live, Delta.parse(event.data));
      case 'step.started':
        return this.#beginStep(sessionId, live, event);
      default:
        if (!isOfAnswer(name)) return undefined;
        return this.#withAnswer(sessionId, live, event, (answer) => applyTo(answer, name, event));
    }
  }

  #beginStep(sessionId: string, live: Live, event: WireEvent): void {
    const id = messageOf(event);
    if (id === undefined) return;
    const step = recordOfStep(id, event);
    const record = live.answer?.record.id === id ? { ...live.answer.record, ...namesOf(step) } : step;
    live.answer = this.#answer(sessionId, live, record);
    for (const prompt of live.prompts.get(id) ?? live.nameless)
      this.#tellMessage(sessionId, live, prompt, step);
    live.nameless = [];
    live.answer.begin();
  }

  #answer(sessionId: string, live: Live, record: WireMessage): LiveAnswer {
    const created = this.#ports.order.append(sessionId, { id: record.id, created: record.time.created });
    const { id: parentId = '', isStructured = false } = live.askings.get(record.id) ?? live.asking ?? {};
    return new LiveAnswer(record, { sessionId, created, parentId, isStructured }, this.#ports.tell);
  }

  /** Of an answer whose beginning nobody heard, what is there already is asked for. */
  #withAnswer(
    sessionId: string,
    live: Live,
    event: WireEvent,
    act: (answer: LiveAnswer) => void,
  ): void | Promise<void> {
    const id = messageOf(event) ?? live.answer?.record.id;
    if (live.answer !== undefined && live.answer.record.id === id) return act(live.answer);
    return this.#withReadAnswer(sessionId, live, id, act);
  }

  async #withReadAnswer(
    sessionId: string,
    live: Live,
    id: string | undefined,
    act: (answer: LiveAnswer) => void,
  ): Promise<void> {
    await this.#readAnswer(sessionId, live);
    if (live.answer !== undefined && live.answer.record.id === id) act(live.answer);
  }

  #noteItem({ data, created }: WireEvent): void {
    const { inboxID, item } = Enqueued.parse(data);
    const read = WireInboxItem.safeParse({ id: inboxID, time: { created }, ...item }).data;
    if (read === undefined) return;
    this.#items.set(read.id, read);
    const [oldest] = this.#items.keys();
    if (this.#items.size > keptItems && oldest !== undefined) this.#items.delete(oldest);
  }

  #forgetItem({ data }: WireEvent): void {
    const { inboxID } = Delivered.parse(data);
    if (inboxID !== undefined) this.#items.delete(inboxID);
  }

  #deliver(sessionId: string, live: Live, id: string | undefined): void | Promise<void> {
    if (id === undefined) return this.#tellNewest('', sessionId, live);
    const item = this.#items.get(id);
    this.#items.delete(id);
    if (item === undefined) return this.#tellDelivered(sessionId, live, id);
    if (item.type !== 'user' && item.type !== 'synthetic') return undefined;
    this.#tellPrompt(sessionId, live, recordOf(item));
    return undefined;
  }

  /** It waited before the stream began. */
  async #tellDelivered(sessionId: string, live: Live, id: string): Promise<void> {
    const { records } = await this.#ports.messages.newest(sessionId);
    const record = records.find((one) => one.id === id);
    if (record?.type === 'user' || record?.type === 'synthetic') this.#tellPrompt(sessionId, live, record);
  }

  #tellPrompt(sessionId: string, live: Live, record: WireMessage): void {
    if (isAsking(record)) live.asking = toAsking(record);
    const info = this.#tellMessage(sessionId, live, record)?.info;
    if (info?.role === 'user' && info.agent === '') live.nameless = [...live.nameless, record];
  }

  #tellMessage(
    sessionId: string,
    live: Live,
    record: WireMessage,
    answerer?: WireMessage,
  ): MessageWithParts | undefined {
    const created = this.#ports.order.append(sessionId, { id: record.id, created: record.time.created });
    const parentId = live.asking?.id ?? '';
    const message = toMessage(record, { sessionId, created, parentId, answerer });
    if (message !== undefined) this.#tellAll(message);
    return message;
  }

  #tellAll({ info, parts }: MessageWithParts): void {
    this.#ports.tell({ type: 'message.updated', properties: { info } });
    for (const part of parts) this.#ports.tell({ type: 'message.part.updated', properties: { part } });
  }

  /** Events of some records say neither their id nor what is in them: the newest that are there are told. */
  async #tellNewest(name: string, sessionId: string, live: Live): Promise<void> {
    const { asking, askings, records, messages } = await this.#ports.messages.newest(sessionId);
    live.asking = asking;
    live.askings = askings;
    const newest = records.slice(-5);
    const summary = newest.findLast(({ type }) => type === 'compaction');
    live.summaryId = name === 'compaction.started' ? summary?.id : undefined;
    const ids = new Set(newest.filter(({ type }) => type !== 'assistant').map(({ id }) => id));
    for (const message of messages) if (ids.has(message.info.id)) this.#tellAll(message);
  }

  #tellSummary(
    sessionID: string,
    { summaryId }: Live,
    { text: told, delta = told }: z.infer<typeof Delta>,
  ): void {
    if (summaryId === undefined || delta === undefined) return;
    const partID = partIdAt(summaryId, 1, 'text');
    const properties = { sessionID, messageID: summaryId, partID, field: 'text', delta };
    this.#ports.tell({ type: 'message.part.delta', properties });
  }
}

function promptsBefore(records: readonly WireMessage[]): Live['prompts'] {
  return new Map(
    records.flatMap(({ id, type }, index) => {
      const prompts = type === 'assistant' ? promptsAt(records, index) : [];
      return prompts.length > 0 ? [[id, prompts] as const] : [];
    }),
  );
}

/** The prompts right before a record, with nothing else between. */
function promptsAt(records: readonly WireMessage[], end: number): readonly WireMessage[] {
  const before = records.slice(0, end);
  const start = before.findLastIndex(({ type }) => !beforeAnswers.has(type)) + 1;
  return before.slice(start).filter(({ type }) => type === 'user' || type === 'synthetic');
}

function applyTo(answer: LiveAnswer, name: string, event: WireEvent): void {
  if (name === 'step.ended' || name === 'step.failed') answer.end(event);
  else if (name === 'retry.scheduled') {
    const { attempt, at, error } = Retry.parse(event.data);
    answer.retry(attempt, at, error);
  } else answer.apply(name, event);
}

function messageOf({ data }: WireEvent): string | undefined {
  const { assistantMessageID, messageID } = OfMessage.parse(data);
  return assistantMessageID ?? messageID;
}

function namesOf({ agent, model }: WireMessage): Partial<WireMessage> {
  return { ...(agent === undefined ? {} : { agent }), ...(model === undefined ? {} : { model }) };
}

function isOfAnswer(name: string): boolean {
  return /^(?:text|reasoning|tool)\.|^step\.(?:ended|failed)$|^retry\.scheduled$/.test(name);
}

function isOfMessages(name: string): boolean {
  return isOfAnswer(name) || asked.has(name) || name === 'step.started' || name === 'inbox.delivered';
}
