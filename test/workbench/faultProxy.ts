import { once } from 'node:events';
import {
  createServer,
  request as requestHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from './seededRandom.ts';

/** Before the server hears of a request, or after it acted and answered. */
export type When = 'before' | 'after';

/** What goes wrong with one exchange. */
export type Fault =
  /** The connection breaks without an answer. */
  | { readonly kind: 'cut'; readonly when: When }
  /** No answer ever comes, and the connection stays. */
  | { readonly kind: 'hang'; readonly when: When }
  /** It takes so many milliseconds longer. */
  | { readonly kind: 'late'; readonly when: When; readonly milliseconds: number }
  /** This is answered in place of what the server says; `before`: the server never hears of it. */
  | { readonly kind: 'replace'; readonly when: When; readonly status: number; readonly body?: string }
  /** The connection breaks after so many bytes of the answer. */
  | { readonly kind: 'break'; readonly bytes: number }
  /** The answer ends in good order after so many bytes: what is JSON is none any more. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The answer stands still after so many bytes, for so long. */
  | { readonly kind: 'stall'; readonly bytes: number; readonly milliseconds: number }
  /** The answer comes in pieces of so many bytes at the most, cut anywhere, with a pause before each. */
  | { readonly kind: 'split'; readonly most: number; readonly pause?: number }
  /** Lines that mean nothing stand between the events of a stream. */
  | { readonly kind: 'noise' };

/** Which exchanges a rule concerns: all that fit. */
export interface Where {
  readonly method?: string;
  /** Of the path, without the query. */
  readonly path?: RegExp | string;
}

export interface RuleOptions {
  /** So many exchanges that fit pass before it; 0 unless said otherwise. */
  readonly after?: number;
  /** So many exchanges at the most; 1 unless said otherwise. */
  readonly times?: number;
  /** Only for so many milliseconds from the first one on. */
  readonly within?: number;
}

/** A rule that stands until it is used up or taken away. */
export interface Rule {
  /** The exchanges that it befell. */
  readonly hits: readonly Exchange[];
  /** Resolves with the first of them. */
  readonly hit: Promise<Exchange>;
  remove(): void;
}

/** One request, and what became of it. */
export interface Exchange {
  readonly number: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** `performance.now()` when the request was here whole. */
  readonly time: number;
  /** Whether it was given to the server; if it was, the server may have acted. */
  readonly reachedServer: boolean;
  /** What the server said, which may not be what was answered. */
  readonly serverStatus: number | undefined;
  /** How much of the answer was given. */
  readonly answered: 'nothing' | 'part' | 'whole';
  readonly fault: Fault | undefined;
}

type Written<T> = { -readonly [Key in keyof T]: T[Key] };

interface Standing {
  readonly where: Where;
  readonly choose: (exchange: Exchange, random: SeededRandom) => Fault | undefined;
  readonly hits: Exchange[];
  readonly first: PromiseWithResolvers<Exchange>;
  skip: number;
  left: number;
  readonly within: number;
}

/** An answer on its way to the client. */
interface Passing {
  readonly response: ServerResponse;
  readonly isStream: boolean;
  /** Nothing of it is heard any more, although its connection stays. */
  isSilent: boolean;
}

/** The answer ends here without its end. */
class Broken extends Error {}

const noise = [
  'nonsense',
  'data: {"payload":{"type":',
  'data: <html>502</html>',
  ': remark',
  'event',
  'data:',
];

/**
 * Stands between a client and a server of HTTP on loopback and does harm: by rules for the requests that fit, or at
 * random under a seed. Its address stays while the server moves. What really reached the server is in `exchanges`.
 */
export class FaultProxy {
  readonly #random: SeededRandom;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  readonly #passing = new Set<Passing>();
  readonly #exchanges: Written<Exchange>[] = [];
  readonly #counts = new Map<string, number>();
  readonly #closing = new AbortController();
  #rules: Standing[] = [];
  #port = 0;
  #isRefusing = false;

  /** Where requests go: an address like `http://127.0.0.1:4096`. */
  target: string;

  private constructor(target: string, seed: number) {
    this.target = target;
    this.#random = new SeededRandom(seed);
    this.#listener = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(toError(error)));
    });
    this.#listener.keepAliveTimeout = 0;
    this.#listener.on('connection', (socket: Socket) => {
      if (this.#isRefusing) return socket.destroy();
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async to(target: string, { seed = 0 }: { readonly seed?: number } = {}): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, seed);
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    proxy.#port = (proxy.#listener.address() as AddressInfo).port;
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** All that came, in the order in which it was here whole. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** The first standing rule that fits an exchange befalls it. A function may spare one by answering undefined. */
  add(where: Where, fault: Fault | Standing['choose'], options: RuleOptions = {}): Rule {
    const rule: Standing = {
      where,
      choose: typeof fault === 'function' ? fault : () => fault,
      hits: [],
      first: Promise.withResolvers<Exchange>(),
      skip: options.after ?? 0,
      left: options.times ?? 1,
      within: options.within ?? Infinity,
    };
    this.#rules.push(rule);
    return {
      hits: rule.hits,
      hit: rule.first.promise,
      remove: () => void (this.#rules = this.#rules.filter((other) => other !== rule)),
    };
  }

  /** Breaks the event streams that are open, and nothing else. */
  breakStreams(): void {
    for (const { isStream, response } of this.#passing) if (isStream) response.destroy();
  }

  /** Breaks all that is open. */
  breakAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What is open is never heard again and is not closed either; what comes later passes. */
  fallSilent(): void {
    for (const passing of this.#passing) passing.isSilent = true;
  }

  /** Breaks what fell silent: in the end a network finds out. */
  breakSilent(): void {
    for (const { isSilent, response } of this.#passing) if (isSilent) response.destroy();
  }

  /** Breaks all that is open, and every connection that comes, until `accept`. */
  refuse(): void {
    this.#isRefusing = true;
    this.breakAll();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Takes all rules away and accepts. What has befallen an exchange goes on. */
  mend(): void {
    this.#rules = [];
    this.accept();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.breakAll();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    const passing: Passing = { response, isStream: isEventRequest(request), isSilent: false };
    this.#passing.add(passing);
    response.once('close', () => this.#passing.delete(passing));
    const body = await readAll(request);
    const exchange = this.#note(request, body);
    const fault = this.#chooseFault(exchange);
    if (fault !== undefined) exchange.fault = fault;
    try {
      if (isAt(fault, 'before') && !(await this.#befall(fault, exchange, passing))) return;
      await this.#pass(request, exchange, passing);
    } catch (error) {
      // The server is gone, or the exchange was broken on purpose: to the client it is the same.
      if (!(error instanceof Broken)) response.destroy();
      else response.socket?.destroy();
    }
  }

  #note(request: IncomingMessage, body: Buffer): Written<Exchange> {
    const exchange: Written<Exchange> = {
      number: this.#exchanges.length,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      body: body.toString(),
      time: performance.now(),
      reachedServer: false,
      serverStatus: undefined,
      answered: 'nothing',
      fault: undefined,
    };
    this.#exchanges.push(exchange);
    return exchange;
  }

  #chooseFault(exchange: Exchange): Fault | undefined {
    for (const rule of this.#rules) {
      if (!fits(rule.where, exchange) || rule.left <= 0) continue;
      const [first] = rule.hits;
      if (first !== undefined && exchange.time - first.time > rule.within) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      const fault = rule.choose(exchange, this.#randomOf(exchange));
      if (fault === undefined) continue;
      rule.left -= 1;
      rule.hits.push(exchange);
      rule.first.resolve(exchange);
      return fault;
    }
    return undefined;
  }

  /** By the route and how often it was asked for, so that it does not depend on what else comes at the same time. */
  #randomOf({ method, path }: Exchange): SeededRandom {
    const route = `${method} ${routeOf(path)}`;
    const count = (this.#counts.get(route) ?? 0) + 1;
    this.#counts.set(route, count);
    return this.#random.for(`${route} ${count}`);
  }

  /** False: that was all, nothing follows. */
  async #befall(fault: Timed, exchange: Written<Exchange>, { response }: Passing): Promise<boolean> {
    switch (fault.kind) {
      case 'cut':
        throw new Broken();
      case 'hang':
        await Promise.race([once(response, 'close'), this.#closed()]);
        return false;
      case 'late':
        await delay(fault.milliseconds, undefined, { signal: this.#closing.signal });
        return true;
      case 'replace': {
        const body = fault.body ?? '';
        const type = /^\s*</.test(body) ? 'text/html' : 'application/json';
        response.writeHead(fault.status, { 'content-type': type, connection: 'close' });
        response.end(body);
        exchange.answered = 'whole';
        return false;
      }
    }
  }

  async #pass(request: IncomingMessage, exchange: Written<Exchange>, passing: Passing): Promise<void> {
    const { response } = passing;
    if (response.destroyed) return;
    const url = new URL(exchange.path, this.target);
    const forwarded = requestHttp(url, {
      method: exchange.method,
      agent: false,
      headers: { ...request.headers, host: url.host, connection: 'close' },
    });
    // As any proxy does: who no longer listens is not waited for. The server goes on with what it began (1.18).
    response.once('close', () => forwarded.destroy());
    forwarded.on('error', () => undefined);
    forwarded.once('finish', () => (exchange.reachedServer = true));
    forwarded.end(exchange.body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    exchange.serverStatus = answer.statusCode;
    if (isAt(exchange.fault, 'after')) {
      // The server has acted once the whole answer is there. A stream has no end.
      const chunks = passing.isStream ? answer : ((await answer.toArray()) as Buffer[]);
      if (await this.#befall(exchange.fault, exchange, passing)) {
        await this.#give(answer, chunks, exchange, passing);
      }
    } else await this.#give(answer, answer, exchange, passing);
  }

  async #give(
    { statusCode = 502, headers }: IncomingMessage,
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    exchange: Written<Exchange>,
    passing: Passing,
  ): Promise<void> {
    const { response } = passing;
    const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _, ...others } = headers;
    if (passing.isSilent) return;
    response.writeHead(statusCode, { ...others, connection: 'close' });
    response.flushHeaders();
    for await (const piece of this.#spoil(chunks, exchange)) {
      if (response.destroyed) return;
      if (passing.isSilent) continue;
      exchange.answered = 'part';
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    if (passing.isSilent) return;
    response.end();
    exchange.answered = 'whole';
  }

  /** The answer as it is given: whole, or with what the fault does to its bytes. */
  async *#spoil(
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    exchange: Exchange,
  ): AsyncGenerator<Buffer, void> {
    const { fault } = exchange;
    const random = this.#random.for(`bytes ${exchange.method} ${routeOf(exchange.path)}`);
    switch (fault?.kind) {
      case 'break':
      case 'truncate':
      case 'stall':
        yield* this.#stopAfter(chunks, fault);
        break;
      case 'split':
        yield* this.#split(chunks, fault, random);
        break;
      case 'noise':
        yield* addNoise(chunks, random);
        break;
      case 'cut':
      case 'hang':
      case 'late':
      case 'replace':
      case undefined:
        yield* chunks;
        break;
    }
  }

  async *#stopAfter(
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    fault: Extract<Fault, { kind: 'break' | 'truncate' | 'stall' }>,
  ): AsyncGenerator<Buffer, void> {
    let left = fault.bytes;
    let isOver = false;
    for await (const chunk of chunks) {
      if (isOver || chunk.length < left) {
        left -= chunk.length;
        yield chunk;
        continue;
      }
      isOver = true;
      if (left > 0) yield chunk.subarray(0, left);
      // What is written just before the end would be thrown away with it.
      await nextTurn();
      if (fault.kind === 'truncate') return;
      if (fault.kind === 'break') throw new Broken();
      await delay(fault.milliseconds, undefined, { signal: this.#closing.signal });
      yield chunk.subarray(left);
    }
    if (fault.kind === 'break') throw new Broken();
  }

  async *#split(
    chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    { most, pause = 0 }: Extract<Fault, { kind: 'split' }>,
    random: SeededRandom,
  ): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      let at = 0;
      while (at < chunk.length) {
        const size = random.whole(1, most);
        yield chunk.subarray(at, at + size);
        at += size;
        if (pause > 0) await delay(pause, undefined, { signal: this.#closing.signal });
        else await nextTurn();
      }
    }
  }

  async #closed(): Promise<void> {
    if (!this.#closing.signal.aborted) await once(this.#closing.signal, 'abort');
  }
}

type Timed = Extract<Fault, { when: When }>;

function isAt(fault: Fault | undefined, when: When): fault is Timed {
  return fault !== undefined && 'when' in fault && fault.when === when;
}

/** Whole events pass as they are; between them stand lines that no reader of streams may stumble over. */
async function* addNoise(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  random: SeededRandom,
): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    yield chunk;
    if (!chunk.toString('latin1').endsWith('\n\n')) continue;
    const lines = Array.from({ length: random.whole(1, 3) }, () => random.pick(['', ...noise]));
    yield Buffer.from(`${lines.join('\n')}\n\n`);
  }
}

function fits({ method, path }: Where, exchange: Exchange): boolean {
  if (method !== undefined && method !== exchange.method) return false;
  if (path === undefined) return true;
  const [asked = ''] = exchange.path.split('?');
  return typeof path === 'string' ? path === asked : path.test(asked);
}

/** The path with its ids as names: all sessions have the same routes. */
function routeOf(path: string): string {
  const [asked = ''] = path.split('?');
  return asked.replaceAll(/\/(ses|msg|prt|per|que)_\w+/g, '/$1');
}

function isEventRequest({ headers, url = '' }: IncomingMessage): boolean {
  return headers.accept === 'text/event-stream' || /\/event(\?|$)/.test(url);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks = (await request.toArray()) as Buffer[];
  return Buffer.concat(chunks);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
