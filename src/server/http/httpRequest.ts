import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { blotBytes } from './blotted.ts';
import { authorizationHeader, type Endpoint } from './endpoint.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Called when the connection stands: a request that failed before has not left. */
  readonly onConnect?: () => void;
}

/** Bytes of an answer that are read at the most: a list of very many sessions or a picture has some megabytes. */
const largestAnswer = 256 * 1024 * 1024;
/** Bytes of what says no more than who answers. */
const smallAnswer = 64 * 1024;

/** A connection over which nothing comes is asked after so many milliseconds whether the other side is still there. */
const keepAliveAfter = 30_000;

/**
 * Sends a request and answers with its response once the headers are there.
 *
 * It has no patience of its own: some of OpenCode's answers begin after minutes, where Node's `fetch`
 * gives up after 300 s. Each request has its own connection, because one that the server closes just as it
 * is used again is lost, and a new one costs nothing on loopback. Compression doubles the time there.
 */
export async function sendHttp({
  url,
  method = 'GET',
  headers,
  body,
  signal,
  onConnect,
}: HttpRequest): Promise<IncomingMessage> {
  const isSecure = url.startsWith('https:');
  const send = isSecure ? requestHttps : requestHttp;
  const request = send(url, {
    method,
    agent: false,
    headers: { ...headers, 'accept-encoding': 'identity' },
    ...(signal === undefined ? {} : { signal }),
  });
  request.setSocketKeepAlive(true, keepAliveAfter);
  request.once('socket', (socket) => {
    if (onConnect !== undefined) socket.once(isSecure ? 'secureConnect' : 'connect', onConnect);
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/**
 * A `fetch` for one server, as the SDK wants it; `closing` ends every request. The answer is read to its end, so that
 * all that may go wrong on the way is a `Problem` of this one call. `url`: where the request goes instead of its own.
 */
export function createFetch(
  endpoint: Endpoint,
  closing: AbortSignal,
  limit = largestAnswer,
): (request: Request, url?: string) => Promise<Response> {
  const authorization = authorizationHeader(endpoint);
  return async (request, url = request.url) => {
    const body = request.body === null ? {} : { body: await request.text() };
    let mayHaveArrived = false;
    try {
      const response = await sendHttp({
        url,
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), ...authorization },
        signal: AbortSignal.any([request.signal, closing]),
        onConnect: () => (mayHaveArrived = true),
        ...body,
      });
      const bytes = await readBytes(response, limit);
      blotBytes(bytes, endpoint);
      return toResponse(response, bytes);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      throw new UnavailableProblem(describeFailure(request.signal, closing), { cause, mayHaveArrived });
    }
  };
}

/** The body of a small answer as text; throws where it is large. */
export async function readText(message: IncomingMessage): Promise<string> {
  return (await readBytes(message, smallAnswer)).toString('utf8');
}

async function readBytes(message: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): Problem {
  return new Problem(
    l10n.t(
      'The answer of the server has more than {0} kB and was not read to its end.',
      Math.round(limit / 1024),
    ),
    { mayHaveArrived: true },
  );
}

function describeFailure(patience: AbortSignal, closing: AbortSignal): string {
  if (closing.aborted) {
    return l10n.t(
      'The request was broken off, because this window closed its connection to the OpenCode server.',
    );
  }
  return patience.aborted
    ? l10n.t('The OpenCode server did not answer in time.')
    : l10n.t('The OpenCode server cannot be reached.');
}

function toResponse(message: IncomingMessage, body: Buffer<ArrayBuffer>): Response {
  const status = message.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Response(status === 204 || status === 304 ? undefined : body, { status, headers });
}
