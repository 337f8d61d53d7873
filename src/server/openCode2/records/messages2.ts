import { NotFoundProblem } from '../../../core/errors.ts';
import { l10n } from '../../../core/l10n.ts';
import type { MessagePage, OpenCode, PageEnd } from '../../../core/ports/openCode.ts';
import type { MessageWithParts } from '../../../protocol/records.ts';
import { requireId } from '../../dialect/requireId.ts';
import { type Api, inData } from './api.ts';
import type { MessageOrder, Placed } from './order.ts';
import { asksForJson, isAsking, toMessage } from './toMessage.ts';
import { each, WireInboxItem, WireMessage, WirePage } from './wire.ts';

/** The server refuses more. */
const largestPage = 200;
/** Records that are read at once to find what stands before a page. */
const backPage = 50;

/** What waits to enter a session where its server can stand. */
const queued: ReadonlySet<string> = new Set(['user', 'synthetic', 'compaction']);

/** What an answer answers, as a record before it says. */
export interface Asking {
  readonly id: string;
  readonly isStructured: boolean;
}

/** The newest records of a session as the fold of events begins with them. */
export interface Newest {
  readonly asking: Asking | undefined;
  /** What each answer among them answers, by its id. */
  readonly askings: ReadonlyMap<string, Asking>;
  readonly records: readonly WireMessage[];
  readonly messages: readonly MessageWithParts[];
}

/** Where a page ends: before that message; `created` as it was told, absent where it may not have been. */
interface End {
  readonly id: string;
  readonly created?: number;
}

/** The messages of sessions, in the order of the server and with times that say so. */
export class Messages2 {
  readonly #api: Pick<Api, 'ask' | 'variants'>;
  readonly #order: MessageOrder;

  constructor(api: Pick<Api, 'ask' | 'variants'>, order: MessageOrder) {
    this.#api = api;
    this.#order = order;
  }

  async list(
    sessionId: string,
    { limit, before }: Parameters<OpenCode['listMessages']>[1],
  ): Promise<MessagePage> {
    requireId('ses', sessionId);
    if (typeof before === 'object' && 'time' in before)
      return this.#listBefore(sessionId, limit, before.time);
    if (typeof before === 'object' && 'last' in before) return this.#listUpTo(sessionId, limit, before.last);
    return this.#list(sessionId, limit, toPlace(before));
  }

  /** Also what waits to enter the session: the server has it, and nobody has to send it again. */
  async get(sessionId: string, messageId: string): Promise<MessageWithParts> {
    const record = await this.#record(sessionId, messageId);
    if (record !== undefined) {
      const { messages } = await this.#listUpTo(sessionId, 1, record);
      const found = messages.find(({ info }) => info.id === messageId);
      if (found !== undefined) return found;
    }
    const waiting = (await this.listInbox(sessionId)).find(({ id }) => id === messageId);
    const message = waiting && this.fromInbox(sessionId, waiting);
    if (message !== undefined) return message;
    throw new NotFoundProblem(l10n.t('This message is not in the session any more.'));
  }

  async listInbox(sessionId: string): Promise<readonly WireInboxItem[]> {
    const { inbox } = await this.#api.variants();
    return this.#api.ask(
      'GET',
      `/api/session/${requireId('ses', sessionId)}/${inbox}`,
      inData(each(WireInboxItem)),
    );
  }

  /** What an item will be once it is delivered; undefined: nobody is shown it. */
  fromInbox(sessionId: string, item: WireInboxItem): MessageWithParts | undefined {
    return toMessage(recordOf(item), { sessionId, created: item.created, parentId: '' });
  }

  async newest(sessionId: string): Promise<Newest> {
    const records = await this.#read(sessionId, backPage, undefined);
    const placed = this.#order.place(records.map(toPlaced));
    this.#order.noteNewest(sessionId, placed);
    const before = await this.#askingBefore(sessionId, records, 0);
    const messages = this.#translate(sessionId, records, placed, before);
    const askings = new Map<string, Asking>();
    let asking = before;
    for (const record of records) {
      if (isAsking(record)) asking = toAsking(record);
      if (asking !== undefined && record.type === 'assistant') askings.set(record.id, asking);
    }
    return { asking, askings, records, messages };
  }

  /** A record, or undefined where the session does not have it. */
  async #record(sessionId: string, messageId: string): Promise<WireMessage | undefined> {
    const path = `/api/session/${requireId('ses', sessionId)}/message/${requireId('msg', messageId)}`;
    try {
      return await this.#api.ask('GET', path, inData(WireMessage));
    } catch (error) {
      if (error instanceof NotFoundProblem) return undefined;
      throw error;
    }
  }

  /** What is not shown stands among the records: more are read than are wanted, and once more where these are too few. */
  async #list(sessionId: string, limit: number, next: End | undefined): Promise<MessagePage> {
    const wanted = Math.min(limit + Math.ceil(limit / 3), largestPage - 1);
    const read = await this.#read(sessionId, wanted + 1, next);
    const records = read.slice(Math.max(0, read.length - wanted));
    const before = await this.#context(sessionId, read.slice(0, read.length - records.length), records[0]);
    const end = next?.created === undefined ? undefined : { id: next.id, created: next.created };
    const all = this.#order.place([...before, ...records].map(toPlaced), { next: end });
    const placed = all.slice(before.length);
    if (next === undefined) this.#order.noteNewest(sessionId, placed);
    const asking = await this.#askingBefore(sessionId, [...before, ...records], before.length);
    const behind = next === undefined ? undefined : await this.#following(sessionId, records);
    const messages = this.#translate(sessionId, records, placed, asking, behind);
    const [first] = placed;
    const cursor = first === undefined || read.length <= wanted ? undefined : toCursor(first);
    if (messages.length >= limit || first === undefined || cursor === undefined) {
      return cutPage(messages, limit, cursor);
    }
    const earlier = await this.#list(sessionId, limit - messages.length, first);
    return { ...earlier, messages: [...earlier.messages, ...messages] };
  }

  /** The server lists what stands before a message, and that message by itself. */
  async #listUpTo(sessionId: string, limit: number, last: Pick<Placed, 'id'>): Promise<MessagePage> {
    const record = await this.#record(sessionId, last.id);
    if (record === undefined) return { messages: [] };
    const place = toPlaced(record);
    const page = await this.#list(sessionId, Math.max(1, limit - 1), { id: record.id });
    const before = page.messages.at(-1)?.info;
    const previous = before && { id: before.id, created: before.time.created };
    const placed = this.#order.place([place], { previous });
    const asking = await this.#askingBefore(sessionId, [record], 0);
    const behind = await this.#following(sessionId, [record]);
    const messages = this.#translate(sessionId, [record], placed, asking, behind);
    return cutPage([...page.messages, ...messages], Math.max(1, limit), page.before);
  }

  /** The answer behind a page that ends with prompts: it says who was asked. */
  async #following(sessionId: string, records: readonly WireMessage[]): Promise<WireMessage | undefined> {
    const end = records.slice(records.findLastIndex(({ type }) => !beforeAnswers.has(type)) + 1);
    if (!end.some(isPrompt)) return undefined;
    const path = `/api/session/${requireId('ses', sessionId)}/message`;
    let last = end.at(-1);
    while (last !== undefined) {
      const cursor = encode({ id: last.id, order: 'asc', direction: 'next' });
      const { data } = await this.#api.ask('GET', path, WirePage, { query: { limit: 10, cursor } });
      const next = data.find(({ type }) => !beforeAnswers.has(type));
      if (next !== undefined) return next;
      last = data.at(-1);
    }
    return undefined;
  }

  /** The server knows no times: it is read back until they are early enough. */
  async #listBefore(sessionId: string, limit: number, time: number): Promise<MessagePage> {
    let next: Placed | undefined;
    for (;;) {
      const page = await this.#list(sessionId, largestPage - 1, next);
      const fitting = page.messages.filter(({ info }) => info.time.created < time);
      const last = fitting.at(-1)?.info;
      if (last !== undefined) {
        if (fitting.length >= limit || page.before === undefined) {
          return cutPage(fitting, limit, page.before);
        }
        return this.#listUpTo(sessionId, limit, last);
      }
      if (page.before === undefined) return { messages: [] };
      next = toPlace(page.before);
    }
  }

  /** In the order of the server, the last ones before `next`. */
  async #read(sessionId: string, limit: number, next: End | undefined): Promise<readonly WireMessage[]> {
    const query =
      next === undefined
        ? { limit, order: 'desc' }
        : { limit, cursor: encode({ id: next.id, order: 'desc', direction: 'next' }) };
    const path = `/api/session/${requireId('ses', sessionId)}/message`;
    const { data } = await this.#api.ask('GET', path, WirePage, { query });
    return data.toReversed();
  }

  /** What a prompt at the beginning of a page is placed by: what stands before it, up to something that never waited. */
  async #context(
    sessionId: string,
    read: readonly WireMessage[],
    first: WireMessage | undefined,
  ): Promise<readonly WireMessage[]> {
    if (first === undefined || !queued.has(first.type)) return [];
    const [oldest] = read;
    if (oldest === undefined || !queued.has(oldest.type)) return read;
    const earlier = await this.#read(sessionId, backPage, toPlaced(oldest));
    return [
      ...earlier.slice(
        Math.max(
          0,
          earlier.findLastIndex(({ type }) => !queued.has(type)),
        ),
      ),
      ...read,
    ];
  }

  /** What was asked last before the record at `index`. */
  async #askingBefore(
    sessionId: string,
    records: readonly WireMessage[],
    index: number,
  ): Promise<Asking | undefined> {
    let known: readonly WireMessage[] = records.slice(0, index);
    let first = records[0];
    for (;;) {
      const asking = known.findLast(isAsking);
      if (asking !== undefined) return toAsking(asking);
      if (first === undefined) return undefined;
      // A page that begins with a prompt, or has no answers, needs no other.
      if (index === 0 && (isAsking(first) || !records.some(({ type }) => type === 'assistant')))
        return undefined;
      known = await this.#read(sessionId, backPage, toPlaced(first));
      [first] = known;
    }
  }

  #translate(
    sessionId: string,
    records: readonly WireMessage[],
    placed: readonly Placed[],
    before: Asking | undefined,
    behind?: WireMessage,
  ): MessageWithParts[] {
    const following = behind === undefined ? records : [...records, behind];
    let asking = before;
    return records.flatMap((record, index) => {
      if (isAsking(record)) asking = toAsking(record);
      const message = toMessage(record, {
        sessionId,
        created: placed[index]?.created ?? record.time.created,
        parentId: asking?.id ?? '',
        isStructured: asking?.isStructured ?? false,
        answerer: answererOf(following, index),
      });
      return message ?? [];
    });
  }
}

export function toAsking(record: Pick<WireMessage, 'id' | 'metadata'>): Asking {
  return { id: record.id, isStructured: asksForJson(record) };
}

export function recordOf({ id, type, created, payload }: WireInboxItem): WireMessage {
  return WireMessage.parse({ ...payload, id, type, time: { created } });
}

/** A prompt does not say who was asked: the answer behind it does, if nothing but such records stands between. */
export const beforeAnswers: ReadonlySet<string> = new Set([
  'user',
  'synthetic',
  'system',
  'agent-switched',
  'model-switched',
  'location-switched',
  'compaction',
  'skill',
]);

function answererOf(records: readonly WireMessage[], index: number): WireMessage | undefined {
  if (!isPrompt(records[index])) return undefined;
  const next = records.slice(index + 1).find(({ type }) => !beforeAnswers.has(type));
  return next?.type === 'assistant' ? next : undefined;
}

function isPrompt(record: WireMessage | undefined): boolean {
  return record?.type === 'user' || record?.type === 'synthetic';
}

function toPlaced({ id, time }: WireMessage): Placed {
  return { id, created: time.created };
}

function cutPage(
  messages: readonly MessageWithParts[],
  limit: number,
  before: string | undefined,
): MessagePage {
  const kept = messages.slice(-limit);
  const first = kept[0]?.info;
  if (kept.length < messages.length && first !== undefined) {
    return { messages: kept, before: toCursor({ id: first.id, created: first.time.created }) };
  }
  return before === undefined ? { messages: kept } : { messages: kept, before };
}

function toCursor({ id, created }: Placed): string {
  return encode({ id, created });
}

function toPlace(
  before: Exclude<PageEnd, { time: number } | { last: Placed }> | undefined,
): Placed | undefined {
  if (typeof before !== 'string') return before;
  const { id, created } = JSON.parse(Buffer.from(before, 'base64url').toString('utf8')) as Placed;
  return { id, created };
}

function encode(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
