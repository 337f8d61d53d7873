import type { ServerResponse } from 'node:http';
import { makeId } from './ids.ts';
import type { StoredSession } from './store.ts';

/** An event as a reader of `/api/event` gets it. */
export interface ServerEvent {
  readonly id: string;
  readonly created: number;
  readonly type: string;
  readonly location?: { readonly directory: string };
  readonly durable?: { readonly aggregateID: string; readonly seq: number; readonly version: 1 };
  readonly data: Readonly<Record<string, unknown>>;
}

type Data = Readonly<Record<string, unknown>>;

const heartbeatEvery = 15_000;

/** The stream of events of this process: nothing of it is kept. */
export class Events {
  readonly #readers = new Set<(event: ServerEvent) => void>();

  /** Answers a request with the stream, until its reader goes. */
  stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const send = (event: ServerEvent): void => void response.write(`data: ${JSON.stringify(event)}\n\n`);
    send({ id: makeId('evt'), created: Date.now(), type: 'server.connected', data: {} });
    const beat = (): void => void response.write(': heartbeat\n\n');
    beat();
    const heartbeat = setInterval(beat, heartbeatEvery);
    const leave = this.subscribe(send);
    response.once('close', () => {
      clearInterval(heartbeat);
      leave();
    });
  }

  subscribe(reader: (event: ServerEvent) => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** Of a folder, or of none. */
  tell(type: string, data: Data, directory?: string): void {
    this.#send({ type, data, ...locationOf(directory) });
  }

  /** Of a session, and numbered. The events of executions have no location. */
  durable(stored: StoredSession, type: string, data: Data = {}): void {
    const { id, location } = stored.session;
    this.#send({
      type,
      ...(type.startsWith('session.execution.') ? {} : locationOf(location.directory)),
      durable: { aggregateID: id, seq: stored.nextSeq(), version: 1 },
      data: { sessionID: id, ...data },
    });
  }

  /** Of a session, and passing: deltas, progress, usage. That of usage has no location. */
  passing(stored: StoredSession, type: string, data: Data): void {
    const { id, location } = stored.session;
    const directory = type === 'session.usage.updated' ? undefined : location.directory;
    this.tell(type, { sessionID: id, ...data }, directory);
  }

  #send(event: Omit<ServerEvent, 'id' | 'created'>): void {
    const whole = { id: makeId('evt'), created: Date.now(), ...event };
    for (const reader of this.#readers) reader(whole);
  }
}

function locationOf(directory: string | undefined): { location?: { directory: string } } {
  return directory === undefined ? {} : { location: { directory } };
}
