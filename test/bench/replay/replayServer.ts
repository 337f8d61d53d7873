import { once } from 'node:events';
import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How much was told. */
export interface Told {
  readonly events: number;
  /** As the stream of all folders has them. */
  readonly bytes: number;
}

const streams = /^\/(?:global\/)?event(?:\?|$)/;

/**
 * Stands before a real server on loopback: passes on all that is asked and answered, and tells events of its own on the
 * streams between those of the server. Whoever is connected to it, web UI or host, takes them for the server's.
 */
export class ReplayServer {
  readonly #target: string;
  readonly #listeners = new Set<Listener>();
  readonly #server = createServer((request, response) => this.#pass(request, response));
  #url = '';

  private constructor(target: string) {
    this.#target = target;
  }

  static async before(target: string): Promise<ReplayServer> {
    const server = new ReplayServer(target);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.#url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  get url(): string {
    return this.#url;
  }

  /** Tells these events to all who listen, in one piece; they are the data of the stream of all folders. */
  tell(events: readonly string[]): Told {
    for (const listener of this.#listeners) listener.tell(events);
    const bytes = events.reduce((sum, data) => sum + Buffer.byteLength(toBlock(data)), 0);
    return { events: events.length, bytes };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    const isStream = streams.test(path);
    const url = new URL(path, this.#target);
    const headers = { ...request.headers, host: url.host, connection: 'close' };
    // What is told between must not stand in the middle of something compressed.
    if (isStream) headers['accept-encoding'] = 'identity';
    // A connection that was used before may just be closed by the server.
    const passed = requestHttp(url, { method: request.method, headers, agent: false }, (answer) => {
      const { connection: _, 'transfer-encoding': _encoding, ...others } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, others);
      response.flushHeaders();
      if (isStream) this.#listen(answer, response, path.startsWith('/global/'));
      else answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('error', () => passed.destroy());
    response.once('close', () => passed.destroy());
    request.pipe(passed);
  }

  #listen(answer: IncomingMessage, response: ServerResponse, isGlobal: boolean): void {
    response.socket?.setNoDelay(true);
    const listener = new Listener(response, isGlobal);
    this.#listeners.add(listener);
    answer.setEncoding('utf8').on('data', (chunk: string) => listener.pass(chunk));
    answer.once('close', () => response.end());
    response.once('close', () => this.#listeners.delete(listener));
  }
}

/** One stream: what the server tells on it passes in whole events, so that others fit between. */
class Listener {
  readonly #response: ServerResponse;
  readonly #isGlobal: boolean;
  #rest = '';

  constructor(response: ServerResponse, isGlobal: boolean) {
    this.#response = response;
    this.#isGlobal = isGlobal;
  }

  pass(chunk: string): void {
    const text = this.#rest + chunk;
    const end = text.lastIndexOf('\n\n') + 1;
    this.#rest = end === 0 ? text : text.slice(end + 1);
    if (end > 0) this.#response.write(text.slice(0, end + 1));
  }

  tell(events: readonly string[]): void {
    const told = this.#isGlobal ? events : events.flatMap(toFolderEvent);
    if (told.length > 0) this.#response.write(told.map(toBlock).join(''));
  }
}

function toBlock(data: string): string {
  return `data: ${data}\n\n`;
}

/** The stream of one folder has the payload alone, and nothing twice (1.18). */
function toFolderEvent(data: string): string[] {
  const { payload } = JSON.parse(data) as { payload: { type: string } };
  return payload.type === 'sync' ? [] : [JSON.stringify(payload)];
}
