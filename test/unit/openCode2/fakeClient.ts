import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createParser } from 'eventsource-parser';
import {
  endProcess,
  makeOpenCodeHome,
  type OpenCodeHome,
  withSnapshots,
} from '../../workbench/openCodeServer.ts';

/** The program that stands in for OpenCode 2.x. */
export const fakeProgram = join(import.meta.dirname, '../../openCode2/opencode');

/** What this test reads of an event. */
export interface SeenEvent {
  readonly type: string;
  readonly location?: { readonly directory: string };
  readonly durable?: { readonly aggregateID: string; readonly seq: number };
  readonly data: Readonly<Record<string, unknown>> & { readonly sessionID?: string };
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What passes by, and is left out where sequences are compared. */
const passing = /\.delta$|^session\.usage\.updated$|^session\.step\.streamed$|^session\.tool\.progress$/;

/** A fake server in a home of its own, with one reader of its events. */
export class FakeClient {
  readonly home: OpenCodeHome;
  readonly url: string;
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly #password: string;
  readonly #events: SeenEvent[] = [];
  readonly #comments: string[] = [];
  readonly #leaving = new AbortController();
  #heard = Promise.withResolvers<void>();
  readonly #used = new Set<string>();

  private constructor(
    home: OpenCodeHome,
    server: Pick<FakeClient, 'url' | 'process' | 'output'>,
    password: string,
  ) {
    this.home = home;
    this.url = server.url;
    this.process = server.process;
    this.output = server.output;
    this.#password = password;
  }

  static async start(
    modelUrl: string,
    options: { readonly home?: OpenCodeHome; readonly environment?: NodeJS.ProcessEnv } = {},
  ): Promise<FakeClient> {
    const home = options.home ?? (await makeOpenCodeHome({ modelUrl }));
    const password = randomUUID();
    const environment = {
      ...home.environment,
      ...withSnapshots,
      ...options.environment,
      OPENCODE_PASSWORD: password,
    };
    const server = await launch(home.workspace, environment);
    const client = new FakeClient(home, server, password);
    await client.#listen();
    return client;
  }

  get events(): readonly SeenEvent[] {
    return this.#events;
  }

  get comments(): readonly string[] {
    return this.#comments;
  }

  /** The routes that were asked, as `GET /api/info`. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    this.#used.add(`${method} ${path.replace(/\?.*$/, '')}`);
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`opencode:${this.#password}`).toString('base64')}`,
        'content-type': 'application/json',
        'x-opencode-directory': encodeURIComponent(this.home.workspace),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, body: text === '' ? undefined : isJson ? JSON.parse(text) : text };
  }

  /** Asks, and answers with the `data` of what came; whatever failed fails the test. */
  async data<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await this.ask(method, path, body);
    assert.ok(status === 200 || status === 204, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return (answer as { data: T } | undefined)?.data as T;
  }

  /** Waits for an event, among those that came, too. */
  async until(isMeant: (event: SeenEvent) => boolean): Promise<SeenEvent> {
    for (;;) {
      const found = this.#events.find(isMeant);
      if (found !== undefined) return found;
      await this.#heard.promise;
    }
  }

  /** Waits for the event of that kind of a session, or for the second, third, … of them. */
  async heard(sessionID: string, type: string, count = 1): Promise<SeenEvent> {
    for (;;) {
      const found = this.#events.filter((event) => event.type === type && event.data.sessionID === sessionID);
      const wanted = found[count - 1];
      if (wanted !== undefined) return wanted;
      await this.#heard.promise;
    }
  }

  /** The kinds of what lasts of a session, in order, without their prefix. */
  sequence(sessionID: string): string[] {
    return this.#events
      .filter(({ data, type }) => data.sessionID === sessionID && !passing.test(type))
      .map(({ type }) => type.replace(/^session\./, ''));
  }

  /** Ends the process; answers with its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#leaving.abort();
    await endProcess(this.process, signal);
    return this.process.exitCode;
  }

  async #listen(): Promise<void> {
    const response = await fetch(`${this.url}/api/event?auth_token=${btoa(`opencode:${this.#password}`)}`, {
      signal: this.#leaving.signal,
    });
    const parser = createParser({
      onEvent: ({ data }) => {
        this.#events.push(JSON.parse(data) as SeenEvent);
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      },
      onComment: (comment) => void this.#comments.push(comment.trim()),
    });
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
    };
    // It ends with the server, or with this client.
    read().catch(() => undefined);
    await this.until(({ type }) => type === 'server.connected');
  }
}

async function launch(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Pick<FakeClient, 'url' | 'process' | 'output'>> {
  const args = ['serve', '--hostname', '127.0.0.1', '--port', '0'];
  const child = spawn(fakeProgram, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      const [, found] = /^server listening on (http:\S+)$/.exec(line) ?? [];
      if (found !== undefined) url.resolve(found);
    });
  }
  void once(child, 'exit').then(() => url.reject(new Error(output)));
  return { url: await url.promise, process: child, output: () => output };
}
