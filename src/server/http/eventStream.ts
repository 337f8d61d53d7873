import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { blotText } from './blotted.ts';
import { authorizationHeader, type Endpoint } from './endpoint.ts';
import { sendHttp } from './httpRequest.ts';
import { unauthorised } from './refusals.ts';

/** Why a stream of events that was open is over. */
export type StreamEnd = 'closed' | 'silent' | 'tooLarge';

export interface EventStreamOptions {
  /** Where the server tells what happens, e.g. `/global/event`. */
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  /** Called with the data of each event, in order. */
  readonly onData: (data: string) => void;
  /** Milliseconds without a byte after which the stream counts as dead. */
  readonly silence: number;
  /** So many characters of one event are kept at the most. */
  readonly largestEvent?: number;
}

/** Tools give back megabytes at times; what is larger would fill the memory of all that runs beside it. */
const largestEvent = 64 * 1024 * 1024;

/**
 * Opens the stream and resolves once the server answered; `ended` resolves, and never rejects, when the
 * stream is over. Nothing that happened before it was open, or between two streams, is ever told.
 */
export async function openEventStream(
  options: EventStreamOptions,
): Promise<{ readonly ended: Promise<StreamEnd> }> {
  const { endpoint, path, signal, silence } = options;
  const opening = AbortSignal.any([signal, AbortSignal.timeout(silence)]);
  const closing = new AbortController();
  const onAbort = () => closing.abort();
  opening.addEventListener('abort', onAbort);
  const response = await sendHttp({
    url: `${endpoint.url}${path}`,
    headers: { ...authorizationHeader(endpoint), accept: 'text/event-stream' },
    signal: closing.signal,
  })
    .catch((cause: unknown) => {
      throw new UnavailableProblem(l10n.t('The OpenCode server cannot be reached.'), { cause });
    })
    .finally(() => opening.removeEventListener('abort', onAbort));
  requireStream(response, endpoint);
  return { ended: readStream(response, options, silence) };
}

function requireStream(response: IncomingMessage, endpoint: Endpoint): void {
  const type = response.headers['content-type'] ?? '';
  if (response.statusCode === 200 && type.startsWith('text/event-stream')) return;
  response.destroy();
  if (response.statusCode === 401) throw unauthorised(endpoint);
  throw new Problem(l10n.t('The server at {0} sends no events. Is it OpenCode?', endpoint.url), {
    cause: `HTTP ${response.statusCode ?? 0} ${type}`,
  });
}

function readStream(
  response: IncomingMessage,
  { endpoint, signal, onData, largestEvent: maxBufferSize = largestEvent }: EventStreamOptions,
  silence: number,
): Promise<StreamEnd> {
  const { promise, resolve } = Promise.withResolvers<StreamEnd>();
  const parser = createParser({
    maxBufferSize,
    onEvent: ({ data }) => onData(blotText(data, endpoint)),
    onError: ({ type }) => {
      if (type !== 'max-buffer-size-exceeded') return;
      resolve('tooLarge');
      response.destroy();
    },
  });
  const onAbort = () => response.destroy();
  let heard = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - heard < silence) return;
    resolve('silent');
    response.destroy();
  }, silence / 5);
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    heard = performance.now();
    parser.feed(chunk);
  });
  // An abort, a reset and a regular end all close the response, and are all the same to the reader.
  response.on('error', () => response.destroy());
  response.once('close', () => {
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
    resolve('closed');
  });
  if (signal.aborted) response.destroy();
  else signal.addEventListener('abort', onAbort);
  return promise;
}
