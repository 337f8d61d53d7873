import * as z from 'zod';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { createFetch } from '../http/httpRequest.ts';
import { refused, unreadable } from './answers2.ts';
import { readVariants, type Variants } from './variants.ts';

/** Milliseconds; the first request of a folder may have to wait until its plugins are there. */
const patience = 60_000;

export interface Asked {
  /** The folder that it is asked in; a session's own routes find it by themselves. */
  readonly directory?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** It is answered only when something is over that may take hours. */
  readonly takesLong?: boolean;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer of which nothing is read. */
export const nothing = z.unknown().transform(() => undefined);

/** Answers that stand in an envelope. */
export function inData<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.object({ data: schema }).transform(({ data }) => data);
}

export interface ApiPorts {
  /** Hears of each session that was asked for and is not there. */
  readonly onMissing?: ((sessionId: string) => void) | undefined;
  /** Another number in each connection: a server may be of another version after it was away. */
  readonly connection: () => number;
}

/** Asks one server of 2.x. Nothing of what it is told or answers is logged: there are keys and files in it. */
export class Api {
  readonly endpoint: Endpoint;
  readonly #send: ReturnType<typeof createFetch>;
  readonly #ports: ApiPorts;
  #variants: { readonly connection: number; readonly asked: Promise<Variants> } | undefined;

  constructor(endpoint: Endpoint, signal: AbortSignal, ports: ApiPorts) {
    this.endpoint = endpoint;
    this.#send = createFetch(endpoint, signal);
    this.#ports = ports;
  }

  /** How this very server names what was renamed between patch versions; asked once in each connection. */
  variants(): Promise<Variants> {
    const connection = this.#ports.connection();
    if (this.#variants?.connection !== connection)
      this.#variants = { connection, asked: this.#askVariants() };
    return this.#variants.asked;
  }

  async #askVariants(): Promise<Variants> {
    try {
      return readVariants(await this.ask('GET', '/openapi.json', z.unknown()));
    } catch (error) {
      // One that does not say it is taken for one of the newest that are known; one that is away is asked again.
      if (error instanceof NotFoundProblem) return readVariants(undefined);
      this.#variants = undefined;
      throw error;
    }
  }

  /** The answer as that schema has it; throws a `Problem` for every other answer. */
  async ask<T>(method: Method, path: string, schema: z.ZodType<T>, asked: Asked = {}): Promise<T> {
    const response = await this.#request(method, path, asked);
    const body = await readBody(response);
    if (!response.ok) throw this.#refused(path, response.status, body);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw unreadable(parsed.error.issues.map(({ path: at, code }) => `${at.join('.')}: ${code}`).join('; '));
  }

  async #request(
    method: Method,
    path: string,
    { directory, query, body, takesLong }: Asked,
  ): Promise<Response> {
    const url = new URL(`${this.endpoint.url}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = withoutUndefined({
      'content-type': body === undefined ? undefined : 'application/json',
      'x-opencode-directory': directory === undefined ? undefined : encodeURIComponent(directory),
    });
    const request = new Request(url, {
      method,
      headers: headers as Record<string, string>,
      ...(body === undefined ? {} : { body: JSON.stringify(withoutUndefined(body)) }),
      ...(takesLong === true ? {} : { signal: AbortSignal.timeout(patience) }),
    });
    return this.#send(request);
  }

  #refused(path: string, status: number, body: unknown): Problem {
    const problem = refused(status, body);
    const [, sessionId] = /^\/api\/session\/(ses_\w+)/.exec(path) ?? [];
    const isMissing = z.object({ _tag: z.literal('SessionNotFoundError') }).safeParse(body).success;
    if (sessionId !== undefined && isMissing) this.#ports.onMissing?.(sessionId);
    return problem;
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (isPage && response.status < 500) {
    throw new Problem(
      l10n.t('The OpenCode server does not know this request. It may be of another version.'),
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!response.ok) return undefined;
    // The words of a parser quote the answer.
    throw unreadable(`HTTP ${response.status} without JSON`);
  }
}
