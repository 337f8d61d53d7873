import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { authorizationHeader, type Endpoint } from './endpoint.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request and answers with its response once the headers are there.
 *
 * It has no patience of its own: some of OpenCode's answers begin after minutes (1.18), where Node's `fetch`
 * gives up after 300 s. Each request has its own connection, because one that the server closes just as it
 * is used again is lost, and a new one costs nothing on loopback. Compression doubles the time there.
 */
export async function sendHttp({
  url,
  method = 'GET',
  headers,
  body,
  signal,
}: HttpRequest): Promise<IncomingMessage> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const request = send(url, {
    method,
    agent: false,
    headers: { ...headers, 'accept-encoding': 'identity' },
    ...(signal === undefined ? {} : { signal }),
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** A `fetch` for one server, as the SDK wants it; `closing` ends every request. */
export function createFetch(
  endpoint: Endpoint,
  closing: AbortSignal,
): (request: Request) => Promise<Response> {
  const authorization = authorizationHeader(endpoint);
  return async (request) => {
    const body = request.body === null ? {} : { body: await request.text() };
    const response = await sendHttp({
      url: request.url,
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), ...authorization },
      signal: AbortSignal.any([request.signal, closing]),
      ...body,
    });
    return toResponse(response);
  };
}

/** The whole body as text. */
export async function readText(message: IncomingMessage): Promise<string> {
  message.setEncoding('utf8');
  let text = '';
  for await (const chunk of message) text += String(chunk);
  return text;
}

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (status === 204 || status === 304) {
    message.resume();
    return new Response(undefined, { status, headers });
  }
  const body = Readable.toWeb(message) as ConstructorParameters<typeof Response>[0];
  return new Response(body, { status, headers });
}
