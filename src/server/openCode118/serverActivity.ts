import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { Activity, WorkingSession } from '../dialect/serving.ts';
import { authorizationHeader, type Endpoint } from '../http/endpoint.ts';
import { openEventStream } from '../http/eventStream.ts';
import { stream118 } from './stream118.ts';
import { readText, sendHttp } from '../http/httpRequest.ts';

/** Milliseconds. */
const patience = { answer: 5_000, betweenStreams: 500 };

const Statuses = z.record(z.string(), z.unknown());
const SessionRecord = z.object({ title: z.string(), parentID: z.optional(z.string()) });

/**
 * What one server works at, in all folders. It answers for one folder at a time and does not list the folders that it serves (1.18), so they are taken from the
 * events of all of them; which sessions work is asked, and not counted, because a stream that broke may have missed an end.
 */
export class ServerActivity implements Activity {
  readonly #endpoint: Endpoint;
  readonly #closing = new AbortController();
  readonly #directories = new Set<string>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    void this.#listen();
  }

  async working(): Promise<readonly WorkingSession[] | undefined> {
    const lists = await Promise.all([...this.#directories].map((directory) => this.#workingIn(directory)));
    return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? []);
  }

  async titleOf({ id }: WorkingSession): Promise<string | undefined> {
    const session = SessionRecord.safeParse((await this.#ask(`/session/${id}`))?.body).data;
    if (session === undefined) return id;
    return session.parentID === undefined ? session.title : undefined;
  }

  dispose(): void {
    this.#closing.abort();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const { ended } = await openEventStream({
          ...stream118,
          endpoint: this.#endpoint,
          signal,
          onData: (data) => this.#note(data),
        });
        await ended;
      } catch {
        // A server that is gone is noticed by its process; one that refused for a moment is asked again.
      }
      await delay(patience.betweenStreams, undefined, { signal }).catch(() => undefined);
    }
  }

  #note(data: string): void {
    // Only the folder is wanted of what may be the whole output of a tool.
    const [, text] = /^\{"directory":("(?:[^"\\]|\\.)*")/.exec(data) ?? [];
    if (text === undefined) return;
    const directory = JSON.parse(text) as string;
    // Asking about a folder that the server has put away would open it again.
    if (data.includes('"type":"server.instance.disposed"')) this.#directories.delete(directory);
    else if (directory !== 'global') this.#directories.add(directory);
  }

  async #workingIn(directory: string): Promise<readonly WorkingSession[] | undefined> {
    const answer = await this.#ask('/session/status', {
      'x-opencode-directory': encodeURIComponent(directory),
    });
    // It refuses a folder that it cannot open, where nothing runs then.
    if (answer !== undefined && answer.status >= 400 && answer.status < 500) return [];
    const statuses = Statuses.safeParse(answer?.body);
    if (!statuses.success) return undefined;
    return Object.keys(statuses.data).map((id) => ({ id }));
  }

  async #ask(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
    try {
      const response = await sendHttp({
        url: `${this.#endpoint.url}${path}`,
        headers: { ...authorizationHeader(this.#endpoint), ...headers },
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(patience.answer)]),
      });
      return { status: response.statusCode ?? 0, body: JSON.parse(await readText(response)) };
    } catch {
      return undefined;
    }
  }
}
