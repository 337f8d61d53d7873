import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { NotFoundProblem } from '../../../../src/core/errors.ts';
import type { Asked } from '../../../../src/server/openCode2/records/api.ts';
import { readVariants, type Variants } from '../../../../src/server/openCode2/records/variants.ts';

type Fields = Record<string, unknown>;
export type RecordedMessage = Fields & { id: string; type: string; content?: Fields[]; time: Fields };

export const sessionId = 'ses_one';
export const directory = '/work';

/**
 * A session of 2.x as its events make it: each step is an event, as the facts name it, and what a request answers after it.
 * What may be asked is answered from what stands then.
 */
export class RecordedSession {
  readonly messages: RecordedMessage[] = [];
  readonly inbox: Fields[] = [];
  readonly session: Fields = {
    id: sessionId,
    location: { directory },
    time: { created: 1_790_000_000_000, updated: 1_790_000_000_000 },
  };
  readonly events: string[] = [];
  #now = 1_790_000_000_000;
  #seq = 0;
  #ids = 0;

  /** Milliseconds since 1970; each event is later than the one before it. */
  get now(): number {
    return this.#now;
  }

  makeId(kind: string): string {
    this.#ids += 1;
    return `${kind}_${String(this.#ids).padStart(6, '0')}`;
  }

  /** Says an event, of which deltas alone are not kept with the session. */
  say(type: string, data: Fields, isDurable = true): void {
    this.#now += 3;
    const event = {
      id: `evt_${randomUUID()}`,
      created: this.#now,
      type,
      ...(type.startsWith('session.execution.') ? {} : { location: { directory } }),
      ...(isDurable ? { durable: { aggregateID: sessionId, seq: (this.#seq += 1), version: 1 } } : {}),
      data: { sessionID: sessionId, ...data },
    };
    this.events.push(JSON.stringify(event));
  }

  wait(milliseconds: number): void {
    this.#now += milliseconds;
  }

  find(id: string): RecordedMessage {
    const message = this.messages.find((one) => one.id === id);
    if (message === undefined) throw new Error(`There is no message ${id}.`);
    return message;
  }

  readonly api = {
    variants: async (): Promise<Variants> => readVariants(undefined),
    ask: async <T>(_method: string, path: string, schema: z.ZodType<T>, asked: Asked = {}): Promise<T> =>
      schema.parse(structuredClone(this.#answer(path, asked))),
  };

  #answer(path: string, { query = {} }: Asked): unknown {
    if (path.endsWith('/message')) return { data: this.#page(query) };
    if (path.endsWith('/inbox')) return { data: this.inbox };
    const [, id] = /\/message\/(\w+)$/.exec(path) ?? [];
    if (id === undefined) return { data: this.session };
    const found = this.messages.find((one) => one.id === id);
    if (found === undefined) throw new NotFoundProblem('There is no such message.');
    return { data: found };
  }

  #page({ limit, cursor }: NonNullable<Asked['query']>): readonly RecordedMessage[] {
    const place = cursor === undefined ? undefined : readCursor(String(cursor));
    const at =
      place === undefined ? this.messages.length : this.messages.findIndex(({ id }) => id === place.id);
    if (at === -1) return [];
    if (place?.order === 'asc') return this.messages.slice(at + 1, at + 1 + Number(limit));
    return this.messages.slice(Math.max(0, at - Number(limit)), at).toReversed();
  }
}

function readCursor(cursor: string): { readonly id: string; readonly order: string } {
  return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as { id: string; order: string };
}

/** Has something wait to enter the session, at the time that it is sent. */
export function enqueue(session: RecordedSession, id: string, payload: Fields, type = 'user'): void {
  const item = { type, payload, delivery: 'steer', time: { created: session.now } };
  session.inbox.push({ id, ...item });
  session.say('session.inbox.enqueued', { inboxID: id, item });
}

export function deliver(session: RecordedSession, id: string): void {
  const at = session.inbox.findIndex((item) => item['id'] === id);
  const [item] = session.inbox.splice(at, 1) as [{ type: string; payload: Fields; time: Fields }];
  session.messages.push({ id, type: item.type, ...item.payload, time: item.time });
  session.say('session.inbox.delivered', { inboxID: id });
}

export function beginStep(session: RecordedSession, id = session.makeId('msg')): string {
  const known = session.messages.find((one) => one.id === id);
  const names = { agent: 'build', model: { id: 'steady', providerID: 'local', variant: 'default' } };
  if (known === undefined) {
    session.messages.push({
      id,
      type: 'assistant',
      ...names,
      content: [],
      time: { created: session.now + 3 },
    });
  } else known.content = [];
  session.say('session.step.started', { assistantMessageID: id, ...names });
  return id;
}

/** A text or a thought, which the server keeps once it is whole. */
export function speak(
  session: RecordedSession,
  messageID: string,
  pieces: readonly string[],
  kind: 'text' | 'reasoning' = 'text',
): void {
  const message = session.find(messageID);
  const contents = message.content ?? [];
  const ordinal = contents.filter(({ type }) => type === kind).length;
  const of = { assistantMessageID: messageID, ordinal };
  const time = { created: session.now + 3 };
  const content: Fields = { type: kind, text: '', ...(kind === 'reasoning' ? { time } : {}) };
  contents.push(content);
  session.say(`session.${kind}.started`, of);
  for (const delta of pieces) session.say(`session.${kind}.delta`, { ...of, delta }, false);
  content['text'] = pieces.join('');
  if (kind === 'reasoning') content['time'] = { ...time, completed: session.now + 3 };
  session.say(`session.${kind}.ended`, { ...of, text: content['text'] });
}

export function call(
  session: RecordedSession,
  messageID: string,
  name: string,
  input: Fields,
  end: { readonly content?: readonly Fields[]; readonly error?: Fields; readonly metadata?: Fields },
): void {
  const id = session.makeId('call');
  const of = { assistantMessageID: messageID, id };
  const content: Fields = {
    type: 'tool',
    id,
    name,
    time: { created: session.now + 3 },
    state: { status: 'streaming', input: '' },
  };
  (session.find(messageID).content ?? []).push(content);
  session.say('session.tool.input.started', { ...of, name });
  session.say('session.tool.input.delta', { ...of, delta: JSON.stringify(input) }, false);
  session.say('session.tool.input.ended', of);
  content['time'] = { ...(content['time'] as Fields), ran: session.now + 3 };
  content['state'] = { status: 'running', input, metadata: {} };
  session.say('session.tool.called', { ...of, input });
  content['time'] = { ...(content['time'] as Fields), completed: session.now + 3 };
  const status = end.error === undefined ? 'completed' : 'error';
  content['state'] = { status, input, metadata: {}, ...end };
  session.say(end.error === undefined ? 'session.tool.success' : 'session.tool.failed', { ...of, ...end });
}

export function endStep(session: RecordedSession, id: string, end: Fields): void {
  const message = session.find(id);
  const { files, ...told } = end;
  message.time = { ...message.time, completed: session.now + 3 };
  Object.assign(message, told, files === undefined ? {} : { snapshot: { files } });
  const tokens = { input: 10, output: 2, reasoning: 0, cache: { read: 0, write: 0 } };
  if (end['error'] === undefined) {
    Object.assign(message, { cost: 0.5, tokens });
    session.say('session.step.ended', { assistantMessageID: id, ...end, cost: 0.5, tokens });
  } else {
    message['finish'] = 'error';
    session.say('session.step.failed', { assistantMessageID: id, ...end });
  }
}
